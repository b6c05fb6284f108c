"""Words that give a line away: which hook tactic it tries, which beat it serves, whose voice it speaks in.

Short lists for English, with the commonest forms of Spanish, Portuguese, French and German. They propose; where a
line fits nothing, nothing is said about it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_NUMBER = r"(?:\d+|two|three|four|five|six|seven|eight|nine|ten|dos|tres|cinco|deux|trois|cinq|zwei|drei|fünf)"
_THINGS = (
    r"(?:ways?|things?|tips?|reasons?|mistakes?|steps?|hacks?|ideas?|rules?|secrets?|signs?|habits?|tricks?|facts?"
    r"|formas|maneras|razones|errores|pasos|consejos|dicas|façons|raisons|astuces|tipps|gründe|fehler)"
)


def _compiled(patterns: Mapping[str, str]) -> dict[str, re.Pattern[str]]:
    return {label: re.compile(pattern, re.IGNORECASE) for label, pattern in patterns.items()}


TACTICS = _compiled(
    {
        "listicle_number": rf"\b{_NUMBER}\s+(?:\w+\s+)?{_THINGS}\b",
        "reasons_why": r"\breasons?\s+why\b|\brazones\s+por\b|\braisons\s+pour\b",
        "how_to": r"\bhow\s+(?:to|i)\b|\bcómo\b"
        r"|\bcomo\s+(?:hacer|fazer)\b|\bcomment\s+(?:faire|\w+er)\b|\bso\s+geht\b",
        "relatability_pov": r"\bpov\b|\bthat\s+(?:moment|feeling)\s+when\b"
        r"|\bwhen\s+(?:you|your)\b",
        "if_then": r"^\s*(?:if\s+you|si\s+tu|si\s+tienes|se\s+você|wenn\s+du)\b",
        "warning": r"\b(?:stop|never|don'?t|do\s+not|avoid|beware|warning"
        r"|deja\s+de|nunca|arrête[sz]?|jamais|hör\s+auf)\b",
        "curiosity_gap": r"\bwait\s+(?:for|till|until)\b|\byou\s+won'?t\s+believe\b"
        r"|\bno\s?one\s+tells\b|\bsecret\b|\bwatch\s+till\b",
        "contrast_before_after": r"\bbefore\s*(?:/|&|and|vs\.?|→|->)\s*after\b"
        r"|\bantes\s+y\s+después\b|\bavant\s*/\s*après\b",
        "myth_busting": r"\bmyths?\b|\bnot\s+true\b|\bdebunk",
        "statistic": r"\b\d+(?:[.,]\d+)?\s?(?:%|percent\b|x\b|million\b|billion\b)",
        "explainer_why": r"\bwhy\s+\w+|\bthis\s+is\s+why\b|\bpor\s+qué\b|\bpourquoi\b|\bwarum\b",
        "confession": r"\bi\s+(?:have\s+to|must)\s+(?:admit|confess)\b|\bi\s+was\s+wrong\b|\bconfession\b",
        "challenge": r"\bchallenge\b|\bi\s+bet\b|\bcan\s+you\b",
        "urgency": r"\b(?:today\s+only|right\s+now|last\s+chance|hurry"
        r"|ends\s+(?:today|tonight|soon)|solo\s+hoy)\b",
        "fomo": r"\bmiss(?:ing)?\s+out\b|\beveryone(?:'s|\s+is)\b|\bbefore\s+it'?s\s+gone\b",
        "offer_only": r"\b\d+\s?%\s+off\b|\bfree\s+(?:shipping|trial)\b|\bbuy\s+one\b|\bdiscount\b|\bsale\b",
        "social_proof": r"\b\d[\d.,]*\s?(?:k|m|million|thousand)?\+?\s+(?:people"
        r"|users|customers|reviews|sold)\b",
        "authority": r"\b(?:as\s+a|i'?m\s+a)\s+(?:doctor|dermatologist"
        r"|lawyer|engineer|chef|trainer|expert)\b",
        "question": r"[?？؟]|^\s*(?:who|what|when|where|which|do\s+you|did\s+you|have\s+you|are\s+you"
        r"|quién|qué|was|wer)\b",
    }
)
"""Hook tactic to the words that propose it; the more telling ones first."""

BEATS = _compiled(
    {
        "promise": rf"\bhow\s+to\b|\b{_NUMBER}\s+(?:\w+\s+)?{_THINGS}\b|\bwait\s+for\b|\bi'?ll\s+show\b"
        r"|\blet\s+me\s+show\b"
        r"|\bin\s+this\s+video\b|\bby\s+the\s+end\b",
        "context_setup": r"\bmy\s+name\s+is\b|\bi'?m\s+in\b|\bwelcome\s+to\b|\bday\s+\d+\b|\bin\s+(?:19|20)\d\d\b",
        "problem": r"\bproblem\b|\bstruggl\w+|\btired\s+of\b"
        r"|\bfrustrat\w+|\bannoying\b|\bmistake\b|\bfail\w*\b|\bhate\s+when\b",
        "development": r"^\s*(?:#?\d+\s*[.):]|step\s+\d|\d+\s*/\s*\d+)|\b(?:first|second|third"
        r"|next|then|finally)\b[,:]?",
        "reveal_payoff": r"\bfinal\s+result\b|\bthe\s+result\b"
        r"|\bta-?da\b|\bhere\s+it\s+is\b|\bafter\s*:|\bthe\s+answer\s+is\b",
        "proof": r"\btestimonial\b|\breviews?\b|\bresults?\b|\bproven\b|\bclinically\b|\b\d+\s?%\s+of\b|[★⭐]",
        "objection_handling": r"\byou\s+might\s+think\b|\bbut\s+what\s+(?:about|if)\b|\breply(?:ing)?\s+to\b",
        "turn_twist": r"\bplot\s+twist\b|\bbut\s+then\b|\bsuddenly\b|\buntil\b",
        "resolution": r"\bin\s+the\s+end\b|\blesson\b|\bthat'?s\s+(?:why|how|it)\b|\band\s+that\s+is\b",
        "recap": r"\bto\s+(?:recap|sum\s+up|summari[sz]e)\b|\bremember\s*:|\brecap\b",
        "sponsor_read": r"\bsponsored\s+by\b|\bthanks\s+to\s+\w+\s+for\s+sponsoring\b|\bpaid\s+partnership\b",
    }
)
"""Beat to the words that propose it."""

PRONOUNS = _compiled(
    {
        "first_person": r"\b(?:i|i'm|i've|me|my|mine|we|us|our"
        r"|yo|mi|nosotros|je|moi|mon|nous|ich|mein|wir)\b",
        "second_person_you": r"\b(?:you|your|you're|tú|tu|tus"
        r"|usted|você|vous|votre|du|dein|deine|ihr)\b",
        "third_person": r"\b(?:he|she|they|him|her|them|his|their|él|ella|ellos|il|elle|ils|er|sie)\b",
    }
)
"""Grammatical person to its pronouns."""
LOOPS = _compiled(
    {
        "question": r"[?？؟]",
        "tease": r"\bwait\s+(?:for|till|until)\b|\bat\s+the\s+end\b|\byou\s+won'?t\s+believe\b|\bwatch\s+till\b",
        "list_count": rf"\b{_NUMBER}\s+(?:\w+\s+)?{_THINGS}\b",
    }
)
"""Kind of open loop to the words that open it."""


def matches(patterns: Mapping[str, re.Pattern[str]], text: str) -> list[str]:
    """Return the labels whose words occur in `text`, in the order of `patterns`."""
    return [label for label, pattern in patterns.items() if pattern.search(text)]
