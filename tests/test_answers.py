"""The questions that the graph must answer, in plain SPARQL, as somebody writes it who knows only the contract.

Each question is asked in several ways: of the default graph, with the passages, by label, by class or by relation. All
must give the same answer: the default graph holds every statement once, so no way of asking may count twice.
"""

from pathlib import Path

import pytest

from vetgraph.build import build_graph
from vetgraph.graph import VetGraph
from vetgraph.results import Solutions

DATA = Path(__file__).parents[1] / "data"
SCHEMES = ("coverage", "data-role", "indicator", "level", "ownership", "role", "status", "title")
PREFIXES = "".join(f"PREFIX {scheme}: <https://w3id.org/vetgraph/code/{scheme}/>\n" for scheme in SCHEMES)
Row = tuple[object, ...]


@pytest.fixture(scope="module")
def graph() -> VetGraph:
    return build_graph(DATA, validate=False)


def ask(graph: VetGraph, query: str) -> list[Row]:
    found = graph.query(PREFIXES + query)
    assert isinstance(found, Solutions)
    return sorted((tuple(row.values()) for row in found), key=str)


def one(graph: VetGraph, query: str) -> object:
    """Return the only value of the only row."""
    ((value,),) = ask(graph, query)
    return value


def names(graph: VetGraph, query: str) -> list[object]:
    return sorted((row[0] for row in ask(graph, query)), key=str)


PRIVATE = sorted(["许昌北方电子科技学校", "许昌信息工程学校", "许昌凤雏机电工程学校", "长葛立兴职业高中"])


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?n { ?s vetg:ownership ownership:private ; skos:prefLabel ?n }",
        'SELECT ?n { ?s a vetg:Institution ; vetg:ownership/skos:prefLabel "民办"@zh ; skos:prefLabel ?n }',
        "SELECT ?n { ?s a vetg:SecondarySchool ; vetg:ownership ?o ; skos:prefLabel ?n . ?o skos:notation 'private' }",
        """SELECT DISTINCT ?n {
          GRAPH ?p { ?s vetg:ownership ownership:private }
          ?p a vetg:Passage . ?s skos:prefLabel ?n FILTER(LANG(?n) = "zh") }""",
        "SELECT ?n { GRAPH ?g { ?s vetg:ownership ownership:private ; skos:prefLabel ?n } }",
        """SELECT ?n { ?s vetg:ownership/skos:prefLabel "private"@en ; skos:prefLabel ?n ;
                       vetg:region/vetg:within* ?city . ?city skos:prefLabel "许昌市"@zh } GROUP BY ?n""",
    ],
)
def test_private_schools(graph: VetGraph, query: str) -> None:
    assert names(graph, query) == PRIVATE


def test_private_schools_are_cited_once(graph: VetGraph) -> None:
    found = ask(
        graph,
        """SELECT ?section ?heading (COUNT(?s) AS ?schools) {
          GRAPH ?p { ?s vetg:ownership ownership:private }
          ?p vetg:section ?section ; vetg:heading ?heading } GROUP BY ?section ?heading""",
    )
    assert found == [("一.1", "学校一览", 4)]


@pytest.mark.parametrize(
    "query",
    [
        """SELECT ?n { ?d a vetg:Designation ; vetg:holder/skos:prefLabel ?n ;
             vetg:title title:provincial-double-high-school }""",
        'SELECT ?n { ?d vetg:title/skos:prefLabel "省级双高校"@zh ; vetg:holder ?s . ?s skos:prefLabel ?n }',
        """SELECT ?n { GRAPH ?p { ?d vetg:holder ?s ; vetg:title ?t } ?p a vetg:Passage .
             ?t skos:prefLabel "provincial double-high school"@en . ?s skos:prefLabel ?n }""",
        """SELECT ?n { ?d vetg:title/skos:prefLabel ?t ; vetg:holder ?s ;
             vetg:status status:granted ;
             vetg:level level:provincial .
             ?s a vetg:Institution ; skos:prefLabel ?n FILTER(CONTAINS(?t, "双高")) }""",
    ],
)
def test_double_high_schools(graph: VetGraph, query: str) -> None:
    assert names(graph, query) == sorted(["许昌幼儿师范学校", "许昌科技学校", "禹州市中等专业学校"])


STUDENTS = """?o a qb:Observation ; vetg:indicator indicator:students ;
  vetg:dataRole data-role:actual ; sdmx-dimension:refPeriod "2025"^^xsd:gYear ;
  sdmx-dimension:refArea/skos:prefLabel "许昌市"@zh """


def test_students_and_their_parts(graph: VetGraph) -> None:
    assert ask(
        graph, f"SELECT ?key ?v {{ {STUDENTS}; vetg:coverage/skos:notation ?key ; sdmx-measure:obsValue ?v }}"
    ) == [
        ("all", 36672),
        ("city-run", 20128),
        ("county-run", 16544),
    ]
    assert (
        one(
            graph,
            f"""SELECT (SUM(?v) AS ?parts) {{ {STUDENTS}; vetg:coverage ?c ; sdmx-measure:obsValue ?v
              FILTER(?c != coverage:all) }}""",
        )
        == 36672
    )


def test_both_sides_of_the_students_are_cited(graph: VetGraph) -> None:
    found = ask(
        graph,
        f"""SELECT ?key ?section ?line {{ {STUDENTS}; vetg:coverage/skos:notation ?key .
          GRAPH ?p {{ ?o sdmx-measure:obsValue ?v }}
          ?p a vetg:Passage ; vetg:section ?section ; vetg:lineStart ?line }}""",
    )
    assert found == [("all", "一.1", 11), ("city-run", "一.1", 11), ("county-run", "一.1", 11)]


@pytest.mark.parametrize(
    "query",
    [
        """SELECT (ROUND(?s / ?t * 100) / 100 AS ?ratio) {
          ?a vetg:indicator indicator:students ; sdmx-measure:obsValue ?s ;
             vetg:coverage coverage:all .
          ?b vetg:indicator indicator:full-time-teachers ; sdmx-measure:obsValue ?t }""",
        """SELECT (ROUND(100 * ?s / ?t) / 100 AS ?ratio) {
          { SELECT (MAX(?v) AS ?s) { ?a vetg:indicator/skos:prefLabel "students"@en ; sdmx-measure:obsValue ?v } }
          { SELECT (SUM(?v) AS ?t) { ?b vetg:indicator/skos:notation "full-time-teachers" ;
                                        sdmx-measure:obsValue ?v } } }""",
    ],
)
def test_students_per_full_time_teacher(graph: VetGraph, query: str) -> None:
    assert float(str(one(graph, query))) == 17.18


@pytest.mark.parametrize(
    "query",
    [
        """SELECT ?n { ?s skos:prefLabel "鄢陵县职业教育中心"@zh ; org:memberOf ?g .
             ?l vetg:leads ?g ; skos:prefLabel ?n }""",
        """SELECT ?n { ?s skos:prefLabel ?school ; org:memberOf ?g . FILTER(CONTAINS(?school, "鄢陵"))
             ?m org:organization ?g ; org:role role:lead ; org:member/skos:prefLabel ?n }""",
        """SELECT ?n { ?a org:member/skos:prefLabel "鄢陵县职业教育中心"@zh ; org:organization ?g .
             ?g a vetg:EducationGroup .
             ?b a org:Membership ; org:organization ?g ; org:role/skos:notation "lead" ; org:member ?l .
             ?l a vetg:HigherCollege ; skos:prefLabel ?n }""",
        """SELECT ?n { GRAPH ?p { ?s org:memberOf ?g . ?l vetg:leads ?g } ?p a vetg:Passage .
             ?s vetg:region/skos:prefLabel "鄢陵县"@zh . ?l skos:prefLabel ?n }""",
    ],
)
def test_leaders_of_the_group_of_yanling(graph: VetGraph, query: str) -> None:
    assert names(graph, query) == sorted(["许昌电气职业学院", "许昌陶瓷职业学院"])


@pytest.mark.parametrize("name", ["长葛立兴职业高中", "长葛市立兴职业高中"])
@pytest.mark.parametrize(
    "pattern",
    [
        "?s org:memberOf ?g . ?f org:memberOf ?g MINUS { ?f vetg:leads ?g } FILTER(?f != ?s)",
        "?s org:memberOf ?g . ?f org:memberOf ?g FILTER NOT EXISTS { ?f vetg:leads ?g } FILTER(?f != ?s)",
        "?s org:memberOf ?g . ?f org:memberOf ?g ; a vetg:SecondarySchool FILTER(?f != ?s)",
        """?a org:member ?s ; org:organization ?g .
           ?b org:member ?f ; org:organization ?g ; org:role role:member FILTER(?f != ?s)""",
        """?a org:member ?s ; org:organization ?g . ?b org:member ?f ; org:organization ?g ; org:role ?r .
           ?r skos:prefLabel "成员"@zh FILTER(?f != ?s)""",
    ],
)
def test_fellow_members_by_either_name(graph: VetGraph, name: str, pattern: str) -> None:
    query = f'SELECT (COUNT(?f) AS ?n) {{ ?s skos:prefLabel|skos:altLabel "{name}"@zh . {pattern} }}'
    assert one(graph, query) == 6
    listed = names(
        graph, f'SELECT ?n {{ ?s skos:prefLabel|skos:altLabel "{name}"@zh . {pattern} ?f skos:prefLabel ?n }}'
    )
    assert len(set(listed)) == 6
    assert "许昌凤雏机电工程学校" in listed


@pytest.mark.parametrize(
    "query",
    [
        "SELECT (SUM(?c) AS ?n) { ?a a vetg:AwardResult ; vetg:count ?c ; vetg:recipient ?s . ?s a vetg:Institution }",
        "SELECT (SUM(?c) AS ?n) { ?a vetg:recipient ?s ; vetg:count ?c . ?s a vetg:SecondarySchool }",
        "SELECT (SUM(?c) AS ?n) { ?a vetg:recipient ?s ; vetg:count ?c MINUS { ?s a vetg:Region } }",
        """SELECT (SUM(?c) AS ?n) { GRAPH ?p { ?a vetg:recipient ?s ; vetg:count ?c } ?p a vetg:Passage .
             ?s a vetg:SecondarySchool }""",
        """SELECT (SUM(?c) AS ?n) { ?a vetg:recipient/vetg:ownership ?o ; vetg:count ?c ; vetg:event/vetg:series ?k ;
             vetg:prize/skos:inScheme <https://w3id.org/vetgraph/code/prize> . ?k a vetg:Competition }""",
    ],
)
def test_prizes_of_schools(graph: VetGraph, query: str) -> None:
    assert one(graph, query) == 34


def test_prizes_by_school(graph: VetGraph) -> None:
    query = """SELECT ?n (SUM(?c) AS ?prizes) { ?a vetg:recipient ?s ; vetg:count ?c .
      ?s a vetg:SecondarySchool ; skos:prefLabel ?n } GROUP BY ?n"""
    assert ask(graph, query) == sorted(
        [
            ("许昌技术经济学校", 22),
            ("许昌科技学校", 4),
            ("襄城县职业技术教育中心", 4),
            ("许昌工商管理学校", 2),
            ("禹州市中等专业学校", 2),
        ],
        key=str,
    )


def test_stated_and_implied_prizes(graph: VetGraph) -> None:
    query = """SELECT ?k (SUM(?c) AS ?n) (COUNT(?a) AS ?rows) { ?a vetg:countStatus/skos:notation ?k ; vetg:count ?c ;
      vetg:recipient/rdf:type vetg:SecondarySchool } GROUP BY ?k"""
    assert ask(graph, query) == [("implied", 8, 8), ("stated", 26, 17)]


BRICS = [
    "一带一路暨金砖国家技能发展与技术创新大赛",
    "2025一带一路暨金砖国家技能发展与技术创新大赛",
    "2025年“一带一路”暨金砖国家技能发展与技术创新大赛",
]


@pytest.mark.parametrize("name", BRICS)
def test_brics_prizes_by_any_spelling(graph: VetGraph, name: str) -> None:
    query = f"""SELECT (SUM(?c) AS ?prizes) (COUNT(DISTINCT ?s) AS ?schools) {{
      ?k a vetg:Competition ; skos:prefLabel|skos:altLabel "{name}"@zh .
      ?a vetg:event/vetg:series ?k ; vetg:recipient ?s ; vetg:count ?c }}"""
    assert ask(graph, query) == [(10, 5)]


@pytest.mark.parametrize(
    "pattern",
    [
        '?a vetg:event ?e . ?e a vetg:CompetitionEvent ; vetg:series/skos:prefLabel ?k FILTER(CONTAINS(?k, "金砖"))',
        '?a vetg:event/skos:prefLabel ?k FILTER(CONTAINS(?k, "金砖国家"))',
        '?a vetg:event/vetg:series ?e FILTER EXISTS { ?e skos:altLabel ?k FILTER(REGEX(?k, "金砖")) }',
    ],
)
def test_brics_prizes_by_part_of_the_name(graph: VetGraph, pattern: str) -> None:
    query = f"SELECT (SUM(?c) AS ?n) (COUNT(DISTINCT ?s) AS ?m) {{ ?a vetg:recipient ?s ; vetg:count ?c . {pattern} }}"
    assert ask(graph, query) == [(10, 5)]


def test_brics_tracks(graph: VetGraph) -> None:
    query = """SELECT ?track (SUM(?c) AS ?n) { ?a vetg:event ?e ; vetg:count ?c .
      ?e vetg:track ?track ; vetg:series/skos:prefLabel "一带一路暨金砖国家技能发展与技术创新大赛"@zh }
      GROUP BY ?track"""
    assert ask(graph, query) == sorted(
        [
            ("电力系统自动化与新能源技术", 6),
            ("互联网营销直播电商", 1),
            ("业财税融合大数据与生成式AI应用（智能财税方向）", 1),
            ("可编程控制器系统应用编程", 2),
        ],
        key=str,
    )


@pytest.mark.parametrize(
    "query",
    [
        """SELECT (SUM(?c) AS ?n) { ?a vetg:recipient/skos:prefLabel "许昌市"@zh ; vetg:count ?c ;
             vetg:event/vetg:series/skos:prefLabel "河南省中等职业教育竞赛活动技能大赛"@zh }""",
        """SELECT (SUM(?c) AS ?n) { ?a vetg:recipient ?r ; vetg:count ?c ; vetg:event/vetg:track "技能"@zh .
             ?r a vetg:Region ; skos:notation "411000" }""",
        """SELECT (SUM(?c) AS ?n) { GRAPH ?p { ?a vetg:recipient ?r ; vetg:event ?e ; vetg:count ?c }
             ?p a vetg:Passage . ?r a vetg:Region . ?e skos:prefLabel ?k FILTER(CONTAINS(?k, "技能大赛")) }""",
    ],
)
def test_skills_prizes_of_the_city(graph: VetGraph, query: str) -> None:
    assert one(graph, query) == 170


def test_prizes_of_city_and_province(graph: VetGraph) -> None:
    query = """SELECT ?area (COUNT(?a) AS ?rows) (SUM(?c) AS ?n) { ?a vetg:recipient ?r ; vetg:count ?c .
      ?r a vetg:Region ; skos:prefLabel ?area } GROUP BY ?area"""
    assert ask(graph, query) == sorted([("许昌市", 17, 387), ("河南省", 3, 109)], key=str)


@pytest.mark.parametrize(
    "query",
    [
        """SELECT ?n { ?a vetg:title title:modern-apprenticeship-site ; vetg:holder ?s .
             ?b vetg:title title:quality-school ; vetg:holder ?s . ?s skos:prefLabel ?n }""",
        """SELECT ?n { ?s a vetg:Institution ; skos:prefLabel ?n
             FILTER EXISTS { ?a vetg:holder ?s ; vetg:title/skos:prefLabel "现代学徒制示范点"@zh }
             FILTER EXISTS { ?b vetg:holder ?s ; vetg:title/skos:prefLabel "优质学校"@zh } }""",
        """SELECT DISTINCT ?n { GRAPH ?p { ?a vetg:title title:modern-apprenticeship-site ; vetg:holder ?s }
             GRAPH ?q { ?b vetg:title title:quality-school ; vetg:holder ?s } ?s skos:prefLabel ?n }""",
    ],
)
def test_site_and_quality_school(graph: VetGraph, query: str) -> None:
    assert names(graph, query) == ["许昌科技学校"]


@pytest.mark.parametrize("name", ["汽车运用与维修", "汽修运用与维修"])
def test_sites_for_a_programme(graph: VetGraph, name: str) -> None:
    sites = f"""?d vetg:title title:modern-apprenticeship-site ; vetg:holder ?s ;
      vetg:aboutProgramme/(skos:prefLabel|skos:altLabel) "{name}"@zh ."""
    assert one(graph, f"SELECT (COUNT(?d) AS ?n) {{ {sites} }}") == 3
    assert one(graph, f"SELECT (COUNT(DISTINCT ?s) AS ?n) {{ {sites} ?s org:memberOf ?g }}") == 0
    assert names(graph, f"SELECT ?n {{ {sites} ?s skos:prefLabel ?n MINUS {{ ?s org:memberOf ?g }} }}") == sorted(
        ["罗山县中等职业技术学校", "泌阳县中等职业技术学校", "濮阳县职业教育中心"]
    )


def test_sites_that_offer_the_programme_are_not_of_the_city(graph: VetGraph) -> None:
    query = """SELECT (COUNT(DISTINCT ?s) AS ?n) { ?d vetg:title title:modern-apprenticeship-site ; vetg:holder ?s .
      ?s vetg:offers/skos:prefLabel "汽车运用与维修"@zh ; vetg:region/vetg:within* ?city .
      ?city skos:prefLabel "许昌市"@zh }"""
    assert one(graph, query) == 0


@pytest.mark.parametrize(
    "query",
    [
        """SELECT (ROUND(1000 * ?r / ?t) / 10 AS ?p) {
          ?a vetg:indicator ?i ; vetg:dataRole data-role:target ; sdmx-measure:obsValue ?t .
          ?b vetg:indicator ?i ; vetg:dataRole data-role:actual ; sdmx-measure:obsValue ?r
          FILTER(?i = indicator:people-trained) }""",
        """SELECT (ROUND(?r / ?t * 1000) / 10 AS ?p) {
          ?a vetg:indicator/skos:notation "people-trained" ; vetg:dataRole/skos:prefLabel "目标"@zh ;
             sdmx-measure:obsValue ?t .
          ?b vetg:indicator/skos:notation "people-trained" ; vetg:dataRole/skos:prefLabel "实际"@zh ;
             sdmx-measure:obsValue ?r }""",
    ],
)
def test_target_met(graph: VetGraph, query: str) -> None:
    assert float(str(one(graph, query))) == 151.1


@pytest.mark.parametrize(
    "pattern",
    [
        "GRAPH ?p { ?o sdmx-measure:obsValue 9313.6 }",
        "GRAPH ?p { ?o sdmx-measure:obsValue ?v } FILTER(?v = 9313.6)",
        'GRAPH ?p { ?o ?any "9313.6"^^xsd:decimal }',
        "GRAPH ?p { ?o vetg:indicator indicator:equipment-per-student ; sdmx-measure:obsValue ?v }",
    ],
)
def test_which_passage_states_a_value(graph: VetGraph, pattern: str) -> None:
    found = ask(graph, f"SELECT ?p ?s ?h {{ {pattern} ?p a vetg:Passage ; vetg:section ?s ; vetg:heading ?h }}")
    assert found == [("https://w3id.org/vetgraph/report/xuchang-2025/s1-2", "一.2", "设施设备")]


@pytest.mark.parametrize(
    ("query", "answer"),
    [
        # Twelve schools in the city, of twenty in the report: also when class, superclass or graph vary.
        ("SELECT (COUNT(?s) AS ?n) { ?s a vetg:SecondarySchool }", 20),
        ("SELECT (COUNT(?s) AS ?n) { ?s a vetg:HigherCollege }", 7),
        ("SELECT (COUNT(?s) AS ?n) { ?s a vetg:Institution }", 27),
        ("SELECT (COUNT(?s) AS ?n) { ?s vetg:ownership ?o }", 12),
        ('SELECT (COUNT(?s) AS ?n) { ?s a vetg:SecondarySchool ; vetg:region/skos:prefLabel "许昌市"@zh }', 12),
        ("SELECT (COUNT(?s) AS ?n) { ?s vetg:adminLevel/skos:prefLabel '县属'@zh }", 6),
        ("SELECT (COUNT(?g) AS ?n) { ?g a vetg:EducationGroup }", 2),
        ("SELECT (COUNT(?m) AS ?n) { ?m a org:Membership }", 15),
        ("SELECT (COUNT(?i) AS ?n) { ?i org:memberOf ?g }", 15),
        ("SELECT (COUNT(?i) AS ?n) { ?i vetg:leads ?g }", 3),
        ("SELECT (COUNT(?c) AS ?n) { ?c a vetg:Course ; schema:provider ?s }", 6),
        ("SELECT (COUNT(?u) AS ?n) { ?s org:hasUnit ?u . ?u a vetg:IndustryCollege ; org:unitOf ?s }", 3),
        ("SELECT (COUNT(?d) AS ?n) { ?d vetg:title title:modern-apprenticeship-site }", 9),
        (
            "SELECT (COUNT(DISTINCT ?d) AS ?n) { GRAPH ?p { ?d vetg:title title:modern-apprenticeship-site } }",
            9,
        ),
        ("SELECT (COUNT(?d) AS ?n) { ?d vetg:title title:quality-school }", 9),
        ("SELECT (COUNT(?d) AS ?n) { ?d vetg:title/skos:notation 'quality-programme-group' }", 18),
        ("SELECT (COUNT(?d) AS ?n) { ?d vetg:title/skos:notation 'online-open-course' ; vetg:aboutCourse ?c }", 6),
        ("SELECT (COUNT(?a) AS ?n) { ?a a vetg:AwardResult ; vetg:recipient ?s . ?s a vetg:SecondarySchool }", 25),
        ("SELECT (COUNT(?a) AS ?n) { ?a a vetg:AwardResult }", 45),
        ("SELECT (COUNT(?p) AS ?n) { ?p a vetg:Passage }", 28),
        ("SELECT (COUNT(?d) AS ?n) { ?d a vetg:PolicyDocument }", 9),
        ("SELECT (COUNT(?d) AS ?n) { ?d a vetg:Difficulty }", 2),
        (
            "SELECT (SUM(?v) AS ?n) { ?o vetg:indicator/skos:notation 'teachers-trained' ; sdmx-measure:obsValue ?v }",
            439,
        ),
        ("SELECT (COUNT(?b) AS ?n) { ?e schema:organizer ?b . ?e a vetg:Activity ; schema:location ?place }", 7),
        ("SELECT (COUNT(?b) AS ?n) { ?e vetg:coHost ?b ; schema:startDate '2025-10-21'^^xsd:date }", 2),
        ("SELECT ?n { ?s org:identifier ?c ; skos:prefLabel ?n FILTER(STR(?c) = '4141012067') }", "许昌职业技术学院"),
        ("SELECT ?n { ?r a vetg:Report ; dcterms:issued ?n }", "2025-12-25"),
    ],
)
def test_counts(graph: VetGraph, query: str, answer: object) -> None:
    value = one(graph, query)
    assert (value if isinstance(answer, int) else str(value)) == answer


def test_the_default_graph_holds_every_statement_once(graph: VetGraph) -> None:
    merged = one(graph, "SELECT (COUNT(*) AS ?n) { { SELECT DISTINCT ?s ?p ?o { GRAPH ?g { ?s ?p ?o } } } }")
    assert one(graph, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }") == merged


def test_a_competition_with_participation_only(graph: VetGraph) -> None:
    query = """SELECT ?n ?edition { ?e a vetg:CompetitionEvent ; vetg:participants ?who ; skos:prefLabel ?n ;
      vetg:edition ?edition MINUS { ?a vetg:event ?e } }"""
    assert ask(graph, query) == [("河南省第九届御网杯网络安全大赛", 9)]


def test_both_statuses_of_a_site_are_cited(graph: VetGraph) -> None:
    query = """SELECT ?status ?passage { GRAPH ?p { ?d vetg:status ?k }
      ?d vetg:title title:modern-apprenticeship-site ; vetg:holder/skos:prefLabel "许昌科技学校"@zh .
      ?k skos:notation ?status .
      ?p vetg:kind/skos:notation ?passage }"""
    assert ask(graph, query) == [("granted", "paragraph"), ("granted", "table"), ("proposed", "annex")]
