"""A mask shows enough to recognize one's own address."""

import pytest

from apps.notifications.rules.masking import mask_address


@pytest.mark.parametrize(
    ("address", "masked"),
    [
        ("ada@example.com", "a•••@e•••.com"),
        ("a@b.co.uk", "a•••@b•••.uk"),
        ("+12125550100", "+1•••00"),
        ("odd@host", "o•••@•••.host"),
        ("", ""),
    ],
)
def test_masks(address, masked):
    assert mask_address(address) == masked
