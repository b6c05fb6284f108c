"""What is said or written in each beat, and how it feels: sentences with places for the topic's words.

The words make the label true: a question asks, a step is numbered, a proof gives a number, a call to act has an
imperative and a target.
"""

from __future__ import annotations

HOOKS: dict[str, tuple[str, ...]] = {
    "question": ("Does your {thing} do this?", "What about {pain}?", "Do you know your {thing}?"),
    "bold_claim": ("The best {thing} ever.", "Nothing beats this {thing}."),
    "shocking_statement": ("Half of all {thing}s end in the bin.", "{Pain} cost me a month."),
    "statistic": ("80% of us get {pain}.", "65% get this wrong."),
    "curiosity_gap": ("Wait for the end.", "You won't believe the end."),
    "contrarian": ("Everybody is wrong here.", "Forget the usual advice."),
    "myth_busting": ("Myth: {pain} is normal.", "A myth about the {thing}."),
    "warning": ("Stop. Never ignore {pain}.", "Don't buy a {thing} yet."),
    "how_to": ("How to {do}.", "How to get {gain}."),
    "explainer_why": ("This is why you get {pain}.", "Why a {thing} fails."),
    "listicle_number": ("{n} tips to {do}.", "{n} rules for a {thing}."),
    "reasons_why": ("Reasons why it fails.", "The reason for {pain}."),
    "result_first": ("This is the result: {gain}.", "Look: {gain}."),
    "confession": ("I must admit: {pain}.", "A confession: I was wrong."),
    "relatability_pov": ("POV: {pain} again.", "That moment when it fails."),
    "demographic_callout": ("For everybody with a {thing}.", "To all beginners out there."),
    "direct_address": ("Hey you, over there.", "You, listen for a second."),
    "if_then": ("If you own a {thing}, look.", "If you hate {pain}, stay."),
    "challenge": ("I bet you cannot do this.", "Can anybody {do}? A challenge."),
    "directive": ("Look at this {thing}.", "Watch the {thing} closely."),
    "authority": ("I'm a trainer. Trust me.", "As an expert I say this."),
    "social_proof": ("12,000 people do this now.", "40,000 users agree."),
    "aspirational": ("Imagine {gain}.", "Picture {gain} every day."),
    "exclusivity": ("Only a few know this.", "For members only."),
    "fomo": ("Everyone is doing it.", "Don't be the last one."),
    "urgency": ("Hurry, it ends tonight.", "Last chance for this."),
    "offer_only": ("30% off today.", "Buy one {thing}, get one."),
    "price_anchor": ("Not $90. Only $29.", "It was $60. Now $19."),
    "risk_reversal": ("Love it or money back.", "Try it free for a month."),
    "reverse_psychology": ("Please skip this one.", "This is not for you."),
    "cta_first": ("Follow first, then look.", "Save this before you start."),
    "product_first": ("This is the {maker} {thing}.", "Meet the new {maker}."),
}
"""Hook tactic -> openings."""

PERSON = {"confession": "first_person", "authority": "first_person", "challenge": "first_person"}

BEATS: dict[str, tuple[tuple[int, str], ...]] = {
    "promise": ((1, "I will show you how."), (1, "By the end you can {do}."), (0, "Let me show you the way."),
                (-1, "I will show you what fails.")),
    "context_setup": ((0, "Welcome to {place}."), (0, "It is Monday in {place}."), (1, "A bright day in {place}."),
                      (-1, "A grey day in {place}.")),
    "problem": ((-1, "The problem is {pain}."), (-2, "I hate {pain}. It is awful."), (-1, "Again: {pain}."),
                (-2, "Everything failed because of {pain}."),
                (-1, "Ignore it and it gets worse."), (-2, "The danger is {pain}.")),
    "inciting_event": ((-1, "Suddenly the {thing} breaks."), (-2, "Then it all falls down."),
                       (1, "Suddenly somebody calls."), (0, "Then a parcel arrives.")),
    "development": ((0, "{step}."), (0, "{step}, then go on."), (1, "{step}. Nice."), (-1, "{step}. Still bad."),
                    (-2, "{step}. Worse than ever."), (2, "{step}. Wonderful.")),
    "demonstration": ((1, "See how it works."), (0, "This is the {maker} at work."), (2, "It works wonderfully."),
                      (-1, "It does not run well.")),
    "proof": ((1, "9 of 10 testers agree."), (2, "Proven: 92% love it."), (0, "The test took 30 days."),
              (-1, "Only 2 of 10 agree."), (1, "Experts call it the best."), (0, "A trained expert checked it."),
              (-1, "Experts warn of it.")),
    "objection_handling": ((0, "But what about the price?"), (0, "You might think it is hard."),
                           (1, "But no, it is easy."), (-1, "But yes, it takes a week."),
                           (0, "But hurry, it ends tonight."), (-1, "But only five are left.")),
    "turn_twist": ((-1, "But then it stops."), (-2, "Plot twist: it is broken."), (1, "But then the sun comes."),
                   (2, "Plot twist: it is perfect.")),
    "climax": ((0, "Now or never."), (-1, "It shakes. It slips."), (1, "Almost there."), (-2, "It is about to burst.")),
    "reveal_payoff": ((2, "Here it is: {gain}."), (1, "The result: {gain}."), (0, "The answer is patience."),
                      (-1, "The result: {pain}.")),
    "resolution": ((1, "In the end it worked."), (2, "In the end we are happy."), (0, "That is the lesson."),
                   (-1, "In the end it failed."), (-2, "In the end all is lost.")),
    "recap": ((0, "To recap: {step}."), (1, "Remember: {gain}."), (-1, "Remember: avoid {pain}.")),
    "loop_back": ((0, "And so it starts again."), (1, "Which brings us back."), (-1, "And again from the start.")),
    "sponsor_read": ((0, "Sponsored by {maker}."), (1, "Thanks to {maker} for sponsoring.")),
    "filler": ((0, "Well. Anyway."), (0, "So, yes. Hm."), (0, "Let us see. Hm.")),
    "bumper_intro": ((0, "{maker}"),),
    "transition_card": ((0, "Chapter {n}"), (0, "Day {n}"), (0, "Meanwhile")),
    "end_card": ((0, "{maker}"), (1, "{maker} says thanks")),
}  # fmt: skip
"""Beat -> (valence -2..2, sentence)."""

CALLS: dict[str, tuple[str, ...]] = {
    "follow": ("Follow for more.", "Follow us now.", "Follow me for more of this.", "Hit follow if you liked it."),
    "like": ("Double tap this.", "Drop a like.", "Hit like if it helped you.", "Tap the heart, then go."),
    "comment": ("Leave a comment.", "Drop a comment.", "Tell me in the comments.", "Leave a comment below, please."),
    "share": ("Share this now.", "Send this to a friend.", "Tag a friend.", "Share this with somebody you like."),
    "save": ("Save this.", "Save this for later.", "Bookmark this one now.", "Save it before you forget it."),
    "subscribe": ("Subscribe.", "Subscribe now.", "Hit subscribe, it is free.", "Subscribe for a new one each week."),
    "click_link": ("Tap here.", "Tap the link below.", "Click the link to see it.", "Click here to read the rest."),
    "link_in_bio": ("Link in bio.", "Go: link in my bio.", "It is all at the link in bio.", "Link in the bio."),
    "shop_buy": ("Shop now.", "Order today.", "Get yours today.", "Order now, it ends tonight."),
}
"""Target of a call to act -> its words, each in the lexicon of calls."""

PERSUASIVE: tuple[tuple[str, str], ...] = (
    ("testers", "social_proof"), ("people", "social_proof"), ("users", "social_proof"), ("expert", "authority"),
    ("trainer", "authority"), ("tonight", "urgency"), ("hurry", "urgency"), ("last chance", "urgency"),
    ("only five", "scarcity"), ("a few", "scarcity"), ("members", "scarcity"), ("last one", "scarcity"),
    ("danger", "fear"), ("worse", "fear"), ("never", "fear"), ("%", "logic_data"), ("30 days", "logic_data"),
    ("of 10", "logic_data"), ("half of", "logic_data"), ("12,000", "logic_data"), ("40,000", "logic_data"),
)
"""Words -> the means of persuasion they are; the first that occurs counts."""

PERSONS: dict[str, tuple[str, str]] = {
    "first_person": ("We", "My"), "second_person_you": ("You", "Your"), "third_person": ("They", "Their"),
}
"""Person a story is told in -> who acts, and whose things are."""

ELSEWHERE: dict[str, dict[str, tuple[str, ...]]] = {
    "es": {"follow": ("Sígueme",), "comment": ("Comenta",), "save": ("Guárdalo",), "shop_buy": ("Compra ahora",)},
    "de": {"follow": ("Jetzt folgen",), "comment": ("Kommentiere",), "subscribe": ("Jetzt abonnieren",)},
    "fr": {"follow": ("Suivez-moi",), "comment": ("Commente",), "share": ("Partagez",)},
    "pt": {"follow": ("Me siga",), "like": ("Curte",), "click_link": ("Saiba mais",)},
}
"""Language -> target -> written calls."""

TENSE: tuple[str, ...] = ("Careful!", "It slips!", "Almost...", "Too close!", "Hold on!")
"""Written words of danger."""

EASE: tuple[str, ...] = ("Phew.", "All good.", "Safe.", "Done.")
"""Written words of relief."""

CLIFFS = ("To be continued.", "The answer comes tomorrow.")
"""Last words that leave the story open."""

DEVICES: dict[str, tuple[str, ...]] = {
    "comment_prompt": ("Comment 1 or 2", "Comment your guess"),
    "on_screen_question": ("Ready?", "Which one?", "Will it work?", "Guess?"),
    "part_n_series": ("Part 1", "Part 2", "Part 3"),
    "wait_for_it_text": ("Wait for it", "Wait for the end", "Watch till the end"),
}
"""Label of `diss.retention` -> written words that are such a device."""


def filled(pattern: str, words: dict[str, str]) -> str:
    """Return `pattern` with the topic's words in it; `{Pain}` is `{pain}` with a capital."""
    capitals = {key.capitalize(): value[:1].upper() + value[1:] for key, value in words.items()}
    return pattern.format(**words, **capitals)
