"""The present tense of headlines, where the main verb can be told for certain."""

from __future__ import annotations

import re

# Past forms that are also participles ("signed by") count only before an object.
_PAST = {
    "agreed": "agree", "announced": "announce", "approved": "approve", "asked": "ask",
    "began": "begin", "boosted": "boost", "called": "call", "came": "come", "completed": "complete",
    "concluded": "conclude", "condemned": "condemn", "conducted": "conduct", "cut": "cut",
    "decided": "decide", "delivered": "deliver", "deployed": "deploy", "discussed": "discuss",
    "dropped": "drop", "ended": "end", "expanded": "expand", "expressed": "express",
    "fell": "fall", "fired": "fire", "flew": "fly", "gave": "give", "held": "hold",
    "imposed": "impose", "inspected": "inspect", "joined": "join", "kept": "keep",
    "launched": "launch", "left": "leave", "lifted": "lift", "made": "make", "met": "meet",
    "named": "name", "offered": "offer", "opened": "open", "ordered": "order", "passed": "pass",
    "pledged": "pledge", "practiced": "practice", "proposed": "propose", "protested": "protest",
    "published": "publish", "raised": "raise", "reached": "reach", "received": "receive",
    "rejected": "reject", "released": "release", "resumed": "resume", "rose": "rise",
    "said": "say", "sailed": "sail", "sent": "send", "set": "set", "signed": "sign",
    "started": "start", "suspended": "suspend", "tested": "test", "told": "tell", "took": "take",
    "unveiled": "unveil", "urged": "urge", "visited": "visit", "vowed": "vow", "voted": "vote",
    "warned": "warn", "welcomed": "welcome", "won": "win", "wrote": "write",
}  # fmt: skip
_SURE = frozenset(
    "agreed began came fell flew gave rose said took went wrote vowed voted warned told met".split()
)
_AUXILIARY = re.compile(
    r"^(?P<subject>(?:[\w’'$.,&-]+\s+){1,9}?)(?P<aux>has|have)\s+(?:also\s+|already\s+)?"
    r"(?P<verb>\w+)\s+(?P<rest>.+)$"
)
_WILL = re.compile(r"^(?P<subject>(?:[\w’'$.,&-]+\s+){1,9}?)will\s+(?P<rest>\w+.*)$")
_MAIN = re.compile(
    rf"^(?P<subject>(?:[\w’'$.,&/-]+\s+){{1,9}}?)(?P<verb>{'|'.join(_PAST)})\s+(?P<rest>.+)$"
)
_OBJECT = re.compile(
    r"^(?:an?|the|its|their|his|her|two|three|four|five|six|\d|\$|plans?|deal|talks|pact|new|joint|"
    r"that|to|on|with|in|at|more|[A-Z])"
)
_AFTER_PARTICIPLE = re.compile(r"^(?:by|in|on|at|for|to|over|after|from|with|as|since|last)\b")
_OTHER_VERB = re.compile(
    r"\b(?:is|are|was|were|has|have|had|will|would|can|may|could|to|who|which|that|says?|s?aid|if|"
    r"as|after|before|when|while)\b"
)
_TELLING = frozenset(
    "to will is are was were has have had can may could would falls fall fell hits hit sees eyes "
    "seeks backs bets ties groups courts loses lose tops talks talk weighs weigh wants want warns "
    "warn presses press floats float wraps closes close turns turn sets set adds cuts cut puts "
    "draws faces face marks mark moves move pays pay prepares prepare picks plans plan plays "
    "probes raids ranks runs run shuts stays steps stops tells tightens tries urges vies vows wins "
    "works defends denies bans buys buy builds build sells sell signs sign eases nears near ends "
    "end expects expect gains gain gets get goes go heads head leads lead lifts links looks look "
    "makes make pushes push reports returns return rises rise says say sends send shows show "
    "slams slips speaks speak starts start supports survives takes take tests test".split()
) | {form for verb in _PAST.values() for form in (verb, f"{verb}s", f"{verb}es")}
_MIDDLE = re.compile(
    rf"^(?P<subject>[^,]{{3,70}}),\s[^.;:“”\"]{{4,110}},\s(?=(?:{'|'.join(_PAST)}|has|have|will)\b)"
)
_SIBILANT = re.compile(r"(?:s|sh|ch|x|z|o)$")


def present_tense(headline: str, *, wide: bool = False) -> str:
    """Return a headline with its main verb in the present tense; unchanged where that is unsure.

    "Japan and US signed a pact" becomes "Japan and US sign a pact"; "Pact signed by leaders" and
    whatever has another verb before its past form stay.

    Parameters
    ----------
    wide
        Whether "has signed" and "will hold", which sentences have and titles seldom, change too.
    """
    if wide:
        match = _AUXILIARY.match(headline)
        if match and match["verb"] in _PAST and not _OTHER_VERB.search(match["subject"]):
            verb = _agreeing(_PAST[match["verb"]], is_plural=match["aux"] == "have")
            return f"{match['subject']}{verb} {match['rest']}"
        match = _WILL.match(headline)
        if match and not _OTHER_VERB.search(match["subject"]):
            return f"{match['subject']}to {match['rest']}"
    match = _MAIN.match(headline)
    if match is None or _OTHER_VERB.search(match["subject"]) or "," in match["subject"]:
        return headline
    is_object = _OBJECT.match(match["rest"]) and not _AFTER_PARTICIPLE.match(match["rest"])
    if match["verb"] not in _SURE and not is_object:
        return headline
    if match["verb"] in ("set", "cut"):
        return headline  # past, present and participle look alike
    subject = match["subject"].strip()
    verb = _agreeing(_PAST[match["verb"]], is_plural=_is_plural(subject))
    return f"{match['subject']}{verb} {match['rest']}"


def without_middle(sentence: str) -> str:
    """Return a sentence without what stands between commas before its main verb."""
    return _MIDDLE.sub(r"\g<subject> ", sentence, count=1)


def tells(headline: str) -> bool:
    """Tell whether a headline has a verb; one that merely names its matter has none."""
    words = re.findall(r"[a-z]+", headline)
    return any(word in _TELLING or word.endswith("ed") for word in words)


def _agreeing(verb: str, *, is_plural: bool) -> str:
    if is_plural:
        return verb
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return verb[:-1] + "ies"
    return verb + ("es" if _SIBILANT.search(verb) else "s")


def _is_plural(subject: str) -> bool:
    if re.search(r"\s(?:and|&)\s|,", subject) or re.fullmatch(r"[A-Z]\w*-[A-Z]\w*", subject):
        return True
    # "forces of Japan": the head stands before the preposition.
    head = re.split(r"\s(?:of|in|from|on|for|at|with)\s", subject)[0].split()[-1]
    is_name = head in ("US", "Philippines", "Netherlands", "Texas", "Congress", "Forces")
    if is_name:
        return head == "Forces"
    return head.endswith("s") and not head.endswith(("ss", "us", "is", "’s", "'s"))
