"""Clio's webhooks: registering, the handshake, signed deliveries with retries, expiry and suspension.

Source: the Webhooks guide and chapter of Clio's reference, by the fact sheet's section 10. What Clio leaves open
(encoding of the signature, when the handshake comes, how often a delivery may fail) is a setting.
"""
