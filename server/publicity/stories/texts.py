"""Words of stories."""

from server.publicity.stories.models import Reach, StoryStatus

STATUS_NAMES = {
    StoryStatus.OFFERED: "待发布",
    StoryStatus.RELEASED: "已发布",
    StoryStatus.DECLINED: "不发布",
    StoryStatus.TAKEN_DOWN: "已撤下",
    StoryStatus.RETRACTED: "上报人收回",
}
REACH_NAMES = {Reach.ENTERPRISE: "本企业的职工", Reach.EVERYBODY: "全市职工"}
