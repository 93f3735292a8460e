"""The words of the pages, in Chinese and English."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vetgraph.errors import Text

if TYPE_CHECKING:
    from collections.abc import Callable

WORDS: dict[str, Text] = {
    "site": Text("职业教育质量年报图谱", "Vocational education reports, as a graph"),
    "lead": Text(
        "职业教育质量年度报告里的每一个事实，都可以用 SPARQL 查询，并注明出自哪一段。",
        "Every fact of the reports on vocational education, open to SPARQL, with the passage that states it.",
    ),
    "statements": Text("条陈述", "statements"),
    "reports": Text("报告", "Reports"),
    "passages": Text("个段落", "passages"),
    "contents": Text("图谱里有什么", "What is in the graph"),
    "class": Text("类", "Class"),
    "count": Text("数量", "Count"),
    "questions": Text("现成的查询", "Ready-made questions"),
    "ask": Text("自己提问", "Ask your own"),
    "ask-how": Text(
        "端点是 /sparql，遵循 SPARQL 1.1 协议。项目的前缀不必声明。",
        "The endpoint is /sparql, by the SPARQL 1.1 Protocol. The project's prefixes need no declaration.",
    ),
    "run": Text("运行", "Run"),
    "query": Text("查询", "Query"),
    "home": Text("首页", "Home"),
    "switch": Text("English", "中文"),
    "download": Text("下载", "Download"),
    "rows": Text("行", "rows"),
    "first-rows": Text("只显示前面的行；下载可得全部。", "Only the first rows are shown; a download has them all."),
    "cut": Text("只显示开头；下载可得全部。", "Only the beginning is shown; a download has it all."),
    "yes": Text("是", "Yes"),
    "no": Text("否", "No"),
    "nothing": Text("没有结果。", "There are no results."),
    "parameters": Text("参数", "Parameters"),
    "optional": Text("可不填", "optional"),
    "text": Text("查询文本", "The query's text"),
    "error": Text("出错了", "That did not work"),
    "skip": Text("跳到正文", "Skip to the content"),
    "command-line": Text("在终端里：", "On the command line:"),
    "said-of": Text("图谱对它的陈述", "What the graph says of it"),
    "named-by": Text("提到它的陈述", "What names it"),
    "stated-here": Text("这里陈述的事实", "What is stated here"),
    "passage-list": Text("段落", "Passages"),
    "property": Text("属性", "Property"),
    "value": Text("值", "Value"),
    "thing": Text("事物", "Thing"),
    "passage": Text("出处", "Stated in"),
    "no-passage": Text("未注明段落", "no passage named"),
    "inverse": Text("反向：", "the other way round:"),
    "part": Text(
        "只显示一部分；下载的更多，全部可在 /sparql 查询。",
        "Only a part is shown; a download has more, and /sparql has all.",
    ),
    "graph-registry": Text("我们维护的身份", "our registry of identities"),
    "graph-codes": Text("代码表", "the code lists"),
    "graph-ontology": Text("本体", "the ontology"),
    "terms": Text("术语", "Terms"),
    "rest": Text("其他", "the rest"),
    "statement-count": Text("陈述", "Statements"),
    "others": Text("与其他词表的对应及其他", "Alignments and the rest"),
    "dataset": Text("数据集", "The dataset"),
    "dumps": Text("整体下载", "All of it"),
    "licence": Text("许可", "Licence"),
    "endpoint": Text("SPARQL 端点", "SPARQL endpoint"),
    "entities": Text("事物", "Things"),
    "properties": Text("属性", "Properties"),
    "classes": Text("类", "Classes"),
    "checks": Text("校验", "Checks"),
    "checks-lead": Text(
        "把填好的工作簿或表格放到这里，看哪些单元格要改。",
        "Drop your workbook or tables here and see which cells to correct.",
    ),
    "drop": Text("拖入或选择文件（.xlsx、.csv，或 RDF）", "Drop or choose files (.xlsx, .csv, or RDF)"),
    "not-stored": Text("文件只用来校验，不会保存。", "Files are only checked; nothing is stored."),
    "check": Text("校验", "Check"),
    "marked": Text("下载标出错误的工作簿", "Download the workbook with bad cells marked"),
    "sent-good": Text("没有错误", "No errors"),
    "sent-bad": Text("有要改的地方", "There is something to correct"),
    "problems-found": Text("处问题", "problems"),
    "cell": Text("单元格", "Cell"),
    "problem": Text("问题与改法", "Problem, and how to mend it"),
    "see-also": Text("参见", "see also"),
    "warning": Text("警告", "warning"),
    "info": Text("提示", "note"),
    "own-check": Text("这个图谱自己的校验", "The check of this graph itself"),
    "own-good": Text("全部事实都合乎形状，没有问题。", "Every fact keeps to the shapes; there is no problem."),
    "networks": Text("网络", "Networks"),
    "networks-lead": Text(
        "谁和谁在一起：每条边都注明出自报告的哪一段。", "Who stands with whom: each tie names the passage that says so."
    ),
    "collaboration": Text("合作", "Collaboration"),
    "affinity": Text("相近，不是合作", "Affinity, not collaboration"),
    "affinity-note": Text(
        "这里的边只表示相近，不表示双方合作过。", "These ties tell of likeness; they are no proof of collaboration."
    ),
    "own-network": Text("自己的网络", "A network of your own"),
    "own-network-note": Text(
        "任何有 ?source 和 ?target 的 SELECT 都是网络；还可以有 ?weight、?relation、?shared、?passage。",
        "Any SELECT with ?source and ?target is a network; ?weight, ?relation, ?shared and ?passage are used too.",
    ),
    "show": Text("显示", "Show"),
    "figures": Text("指标", "Figures"),
    "nodes": Text("节点", "Nodes"),
    "ties": Text("边", "Ties"),
    "from": Text("从", "From"),
    "to": Text("到", "To"),
    "relation": Text("关系", "Relation"),
    "weight": Text("权重", "Weight"),
    "shared": Text("共同的", "In common"),
    "attribution": Text(
        "请注明来源“vetgraph contributors”，以及事实所出的报告。",
        'Please name "vetgraph contributors" as the source, and the report that a fact comes from.',
    ),
}

STATUS: dict[int, tuple[Text, Text]] = {
    404: (Text("这里没有这个页面", "there is no such page"), Text("从首页 / 开始", "start at /")),
    405: (Text("这里不接受这种请求方法", "this method is not answered here"), Text("用 GET", "use GET")),
    500: (
        Text("服务器内部出错", "the server failed"),
        Text("请稍后再试；若仍出错，请报告", "try again; if it happens again, please report it"),
    ),
}


def in_language(lang: str) -> Callable[[str], str]:
    """Return the function that templates call for a word.

    Args:
        lang: ``zh`` or ``en``.

    Returns:
        From a word's name to the word.
    """
    return lambda name: WORDS[name].get(lang)
