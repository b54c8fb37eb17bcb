"""Answers within the answer to a push: texts that appear in the follower's chat at once."""

from server.wechat.pushes import Push

SUCCESS = "success"  # taken; nothing appears, nothing is sent again


def text_reply(push: Push, text: str, at: int) -> str:
    """An answer in XML. What would end its CDATA is split, so that no text can bring in elements of its own."""
    return (
        f"<xml><ToUserName>{_cdata(push.openid)}</ToUserName><FromUserName>{_cdata(push.account)}</FromUserName>"
        f"<CreateTime>{at}</CreateTime><MsgType>{_cdata('text')}</MsgType><Content>{_cdata(text)}</Content></xml>"
    )


def _cdata(text: str) -> str:
    return f"<![CDATA[{text.replace(']]>', ']]]]><![CDATA[>')}]]>"
