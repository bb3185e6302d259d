"""What a device is called in lists and in the audit log: "Chrome on Windows", not a browser's whole boast."""

from ua_parser import parse


def device_label(user_agent: str) -> str:
    """The header itself when it tells neither a browser nor a system, as an app's often does."""
    seen = parse(user_agent)
    browser = seen.user_agent.family if seen.user_agent else ""
    system = seen.os.family if seen.os else ""
    if browser and system:
        return f"{browser} on {system}"
    return browser or system or user_agent
