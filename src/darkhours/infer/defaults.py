"""The defaults of the inference, as the provenance of an account names them."""

from __future__ import annotations

from darkhours.infer.chain import prior
from darkhours.infer.claims import evidence, profile, spread, stretch, weights


def list_defaults() -> dict[str, float]:
    """Return every default that an account from claims rests on, by name.

    Units stand in the names: nats, hours (`_h`), changes per hour (`_per_hour`), shares in [0, 1].

    >>> list_defaults()["nats.measurement"]
    10.0
    """
    named = {f"nats.{kind}": nats for kind, nats in weights.KIND_NATS.items()}
    named |= {f"reach.{state}": share for state, share in weights.REACH.items()}
    return named | {
        "relayed": weights.RELAYED,
        "press_to_press": weights.PRESS_TO_PRESS,
        "extent.most": weights.EXTENT["most"],
        "least_give_h": profile.LEAST_GIVE_H,
        "shoulder": profile.SHOULDER,
        "story_share": profile.STORY_SHARE,
        "spell_densest_h": profile.DENSEST_SPELL_H,
        "spell_ends_share": profile.ENDS_SHARE,
        "news_h": profile.NEWS_H,
        "retrospect_h": profile.RETROSPECT_H,
        "reported_per_hour": profile.REPORTED,
        "implied_change": profile.IMPLIED_CHANGE,
        "same_change_h": spread.SAME_CHANGE.total_seconds() / 3600,
        "beaten": evidence.BEATEN,
        "nats_per_bin": evidence.NATS_PER_BIN,
        "stretch_rest_share": stretch.REST_SHARE,
        "stretch_changes": stretch.CHANGES,
        "into_dark_per_hour": prior.INTO_DARK_PER_HOUR,
        "out_of_dark_per_hour": prior.OUT_OF_DARK_PER_HOUR,
        "other_per_hour": prior.OTHER_PER_HOUR,
    }
