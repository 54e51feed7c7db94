"""WeCom (企业微信) groups by the group's own robot webhook: it says things there, and hears nothing.

platform = WeComPlatform({"reading": Webhook(key)})      # a core.delivery.Platform; groups without one are not there
"""
