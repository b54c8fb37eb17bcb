import type { components } from "@/api/schema";

type Schemas = components["schemas"];

export type Me = Schemas["Me"];
export type Session = Schemas["SessionOut"];
export type Campaign = Schemas["CampaignOut"];
export type Category = Campaign["categories"][number];
export type Areas = Schemas["AreasOut"];
export type District = Areas["items"][number];
export type EnterprisePage = Schemas["EnterprisePage"];
export type Enterprise = EnterprisePage["items"][number];
export type HazardIn = Schemas["HazardIn"];
export type Coordinates = NonNullable<HazardIn["coordinates"]>;
export type PhotoDeclared = HazardIn["photos"][number];
export type AnswerIn = Schemas["AnswerIn"];
export type PhotoArrival = Schemas["PhotoArrival"];
export type InboxPage = Schemas["InboxPage"];
export type Message = InboxPage["items"][number];
export type ErrorBody = Schemas["ErrorBody"];
export type Submission = Schemas["SubmissionOut"];
export type SubmissionPage = Schemas["SubmissionPage"];
export type Summary = SubmissionPage["items"][number];
export type Status = Submission["status"];
