import type { Story } from "@/api/types";
import { toast } from "@/lib/toast";

export const pageOf = (story: Story): string => `/cases/pages/case?id=${story.id}`;

/** What a friend in WeChat sees of it: its title and the picture of how it is now. */
export const cardOf = (story: Story, picture: string) => ({ title: `整改前后：${story.title}`, path: pageOf(story), imageUrl: picture });

/** In a browser: the page's own address, to be pasted anywhere. Whoever opens it sees what they may see. */
export function copyLink(story: Story): void {
  uni.setClipboardData({ data: `${location.href.split("#")[0]}#${pageOf(story)}`, showToast: false, success: () => toast("链接已复制，可以发给工友") });
}
