"""Which parts of an inspection concern an enterprise."""

from collections.abc import Mapping

from server.assignments.forms.schemas import Definition, FormSection


def concerns(section: FormSection, traits: Mapping[str, bool]) -> bool:
    """Whether a part is for an enterprise with these traits: it has one of those that the part is about, or was not
    asked about one of them yet."""
    return not section.concerns or any(traits.get(each, True) for each in section.concerns)


def parts_for(form: Definition, traits: Mapping[str, bool]) -> Definition:
    """The parts that concern it. What hung on an answer in another part is not asked any more."""
    return form.model_copy(update={"sections": tuple(each for each in form.sections if concerns(each, traits))})
