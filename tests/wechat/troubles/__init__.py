"""All that can happen between the assistant and a gateway, played; the page about it is written from what was seen."""
