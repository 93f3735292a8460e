"""What can be asked of each kind of thing is what its shape says."""

from __future__ import annotations

from vetgraph import kinds
from vetgraph.errors import Text
from vetgraph.names import expand


def test_a_school_has_the_properties_of_its_shape_in_their_order() -> None:
    school = kinds.load().by_key["School"]
    assert (school.iri, school.label) == (expand("vetg:SecondarySchool"), Text("中等职业学校", "secondary school"))
    assert list(school.fields)[:5] == ["prefLabel", "altLabel", "type", "ownership", "adminLevel"]
    ownership = school.fields["ownership"]
    assert (ownership.range, ownership.scheme, ownership.many) == ("code", "ownership", False)
    assert ownership.label == Text("办学性质", "ownership")
    assert school.fields["memberOf"].classes == (expand("vetg:EducationGroup"),)
    assert school.fields["memberOf"].many


def test_alternatives_are_taken_together() -> None:
    found = kinds.load().by_key
    assert found["AwardResult"].fields["recipient"].classes == (expand("vetg:Institution"), expand("vetg:Region"))
    focus = found["School"].fields["focus"]
    assert (focus.range, focus.classes, focus.scheme) == ("thing", (expand("vetg:Programme"),), "programme-category")


def test_ranges_of_literals() -> None:
    figure = kinds.load().by_key["Observation"].fields
    assert (figure["obsValue"].range, figure["obsValue"].datatype) == (
        "number",
        "http://www.w3.org/2001/XMLSchema#decimal",
    )
    assert figure["refPeriod"].range == "time"
    assert kinds.load().by_key["Passage"].fields["heading"].range == "text"


def test_an_institution_is_a_school_or_a_college() -> None:
    found = kinds.load().of_class(expand("vetg:Institution"))
    assert [kind.key for kind in found] == ["Institution", "College", "School"]


def test_groups_have_names_and_an_order() -> None:
    assert [label.en for label in kinds.load().groups.values()] == ["names", "facts", "relations", "time"]
