package fieldwork

// The tables of what HQ keeps: campaign, sites, lessons, questions, invites, nodes, revocations.

// Fields of a campaign. On disk and on the wire: add at the end, never renumber.
const (
	CampaignName                FieldID = 10
	CampaignShort               FieldID = 11 // four letters on badges
	CampaignCountry             FieldID = 12 // ISO 3166 alpha-2
	CampaignRegions             FieldID = 13
	CampaignLanguages           FieldID = 14 // BCP 47
	CampaignTimeZone            FieldID = 15 // IANA name
	CampaignStart               FieldID = 16
	CampaignEnd                 FieldID = 17
	CampaignPartner             FieldID = 18 // partner NGO
	CampaignSponsor             FieldID = 19
	CampaignTargetPeopleLit     FieldID = 20
	CampaignTargetLamps         FieldID = 21
	CampaignTargetTrainees      FieldID = 22
	CampaignTargetVolunteerDays FieldID = 23
	CampaignConsentTexts        FieldID = 24 // "language version text", one a line
	CampaignRetentionDate       FieldID = 25 // when personal fields are forgotten
	CampaignBadgeKey            FieldID = 26 // 32 bytes for each key number, from number 1 on
	CampaignBadgeKeyNo          FieldID = 27 // number of the key that badges are printed with
	CampaignRequiredModules     FieldID = 28 // what completing the training means; empty: the modules of all courses
	CampaignLateAfter           FieldID = 29 // minutes after the start of a session from which somebody is late; absent: 15
	CampaignYearlyDays          FieldID = 30 // paid volunteer days a person and year
	CampaignPractice            FieldID = 31 // sample data, never synced
	CampaignNote                FieldID = 32
)

// campaignSpec: one programme in one region and season; exactly one a campaign file, in HQ's log.
var campaignSpec = Spec{Kind: KindCampaign, Name: "campaign", Fields: []Field{
	{ID: CampaignName, Name: "name", Type: TypeName, Required: true},
	{ID: CampaignShort, Name: "short", Type: TypeText, MaxRunes: 4},
	{ID: CampaignCountry, Name: "country", Type: TypeText, MaxRunes: 2},
	{ID: CampaignRegions, Name: "regions", Type: TypeTexts},
	{ID: CampaignLanguages, Name: "languages", Type: TypeTexts},
	{ID: CampaignTimeZone, Name: "time_zone", Type: TypeText},
	{ID: CampaignStart, Name: "start", Type: TypeDate},
	{ID: CampaignEnd, Name: "end", Type: TypeDate},
	{ID: CampaignPartner, Name: "partner", Type: TypeText},
	{ID: CampaignSponsor, Name: "sponsor", Type: TypeText},
	{ID: CampaignTargetPeopleLit, Name: "target_people_lit", Type: TypeInt, Max: 10000000},
	{ID: CampaignTargetLamps, Name: "target_lamps", Type: TypeInt, Max: 10000000},
	{ID: CampaignTargetTrainees, Name: "target_trainees", Type: TypeInt, Max: 10000000},
	{ID: CampaignTargetVolunteerDays, Name: "target_volunteer_days", Type: TypeInt, Max: 10000000},
	{ID: CampaignConsentTexts, Name: "consent_texts", Type: TypeTexts, MaxRunes: 8000},
	{ID: CampaignRetentionDate, Name: "retention_date", Type: TypeDate},
	{ID: CampaignBadgeKey, Name: "badge_key", Type: TypeBytes},
	{ID: CampaignBadgeKeyNo, Name: "badge_key_no", Type: TypeInt, Max: 99},
	{ID: CampaignRequiredModules, Name: "required_modules", Type: TypeEnums, Options: modules},
	{ID: CampaignLateAfter, Name: "late_after", Type: TypeInt, Max: 600},
	{ID: CampaignYearlyDays, Name: "yearly_days", Type: TypeInt, Max: 366},
	{ID: CampaignPractice, Name: "practice", Type: TypeBool},
	{ID: CampaignNote, Name: "note", Type: TypeText, Policy: PolicyAppend, MaxRunes: 2000},
}}

// Fields of a site. On disk and on the wire: add at the end, never renumber.
const (
	SiteCode             FieldID = 10
	SiteName             FieldID = 11
	SiteCountry          FieldID = 12 // ISO 3166 alpha-2
	SiteArea1            FieldID = 13
	SiteArea2            FieldID = 14
	SiteArea3            FieldID = 15
	SiteArea4            FieldID = 16
	SiteArea5            FieldID = 17
	SitePosition         FieldID = 18
	SitePopulation       FieldID = 19
	SiteHouseholds       FieldID = 20 // households in the village, as told
	SiteLanguages        FieldID = 21
	SiteCommitteeContact FieldID = 22 // name and phone of the village committee
	SiteLightBefore      FieldID = 23
	SiteNote             FieldID = 24
	SiteActive           FieldID = 25
)

// siteSpec: a village.
var siteSpec = Spec{Kind: KindSite, Name: "site", Fields: []Field{
	{ID: SiteCode, Name: "code", Type: TypeText, Policy: PolicyUnique, MaxRunes: 20},
	{ID: SiteName, Name: "name", Type: TypeName, Required: true},
	{ID: SiteCountry, Name: "country", Type: TypeText, MaxRunes: 2},
	{ID: SiteArea1, Name: "area_1", Type: TypeText},
	{ID: SiteArea2, Name: "area_2", Type: TypeText},
	{ID: SiteArea3, Name: "area_3", Type: TypeText},
	{ID: SiteArea4, Name: "area_4", Type: TypeText},
	{ID: SiteArea5, Name: "area_5", Type: TypeText},
	{ID: SitePosition, Name: "position", Type: TypePosition},
	{ID: SitePopulation, Name: "population", Type: TypeInt, Max: 1000000},
	{ID: SiteHouseholds, Name: "households", Type: TypeInt, Max: 200000},
	{ID: SiteLanguages, Name: "languages", Type: TypeTexts},
	{ID: SiteCommitteeContact, Name: "committee_contact", Type: TypeText, Personal: true},
	{ID: SiteLightBefore, Name: "light_before", Type: TypeEnums, Options: lights},
	{ID: SiteNote, Name: "note", Type: TypeText, Policy: PolicyAppend, MaxRunes: 2000},
	{ID: SiteActive, Name: "active", Type: TypeBool, Policy: PolicyLast},
}}

// Fields of a lesson. On disk and on the wire: add at the end, never renumber.
const (
	LessonWhatHappened  FieldID = 10
	LessonWhy           FieldID = 11
	LessonWhatLearned   FieldID = 12
	LessonCategory      FieldID = 13
	LessonSeverity      FieldID = 14
	LessonSite          FieldID = 15
	LessonModel         FieldID = 16
	LessonSession       FieldID = 17
	LessonLamp          FieldID = 18
	LessonAuthor        FieldID = 19
	LessonApplause      FieldID = 20 // who applauds; concurrent values add up
	LessonStatus        FieldID = 21
	LessonChecklistItem FieldID = 22
	LessonDate          FieldID = 23
	LessonTrophy        FieldID = 24 // the best blunder of the campaign
)

// lessonSpec: what went wrong or well, and what we learned.
var lessonSpec = Spec{Kind: KindLesson, Name: "lesson", Fields: []Field{
	{ID: LessonWhatHappened, Name: "what_happened", Type: TypeText, Required: true, MaxRunes: 2000},
	{ID: LessonWhy, Name: "why", Type: TypeText, MaxRunes: 2000},
	{ID: LessonWhatLearned, Name: "what_learned", Type: TypeText, MaxRunes: 2000},
	{ID: LessonCategory, Name: "category", Type: TypeEnum, Options: lessonCategories},
	{ID: LessonSeverity, Name: "severity", Type: TypeEnum, Options: severities},
	{ID: LessonSite, Name: "site", Type: TypeRef, Of: KindSite},
	{ID: LessonModel, Name: "model", Type: TypeRef, Of: KindLampModel},
	{ID: LessonSession, Name: "session", Type: TypeRef, Of: KindSession},
	{ID: LessonLamp, Name: "lamp", Type: TypeRef, Of: KindLamp},
	{ID: LessonAuthor, Name: "author", Type: TypeRef, Of: KindVolunteer},
	{ID: LessonApplause, Name: "applause", Type: TypeRefs, Policy: PolicyAppend, Of: KindVolunteer},
	{ID: LessonStatus, Name: "status", Type: TypeEnum, Policy: PolicyLast, Options: lessonStates},
	{ID: LessonChecklistItem, Name: "checklist_item", Type: TypeText, MaxRunes: 500},
	{ID: LessonDate, Name: "date", Type: TypeDate},
	{ID: LessonTrophy, Name: "trophy", Type: TypeBool, Policy: PolicyLast},
}}

// Fields of a question. On disk and on the wire: add at the end, never renumber.
const (
	QuestionRecord     FieldID = 10
	QuestionField      FieldID = 11 // FieldID; absent: the whole record
	QuestionText       FieldID = 12
	QuestionAskedBy    FieldID = 13 // who of HQ asks
	QuestionAskedAt    FieldID = 14
	QuestionAnsweredBy FieldID = 15
	QuestionAnsweredAt FieldID = 16
	QuestionAnswer     FieldID = 17
	QuestionForNode    FieldID = 18 // number of the laptop that is to answer; absent: the one that made the record
	QuestionSettledAt  FieldID = 19 // HQ read the answer, or took the question back
)

// questionSpec: a record sent back by HQ with a reason.
var questionSpec = Spec{Kind: KindQuestion, Name: "question", Fields: []Field{
	{ID: QuestionRecord, Name: "record", Type: TypeRef, Required: true},
	{ID: QuestionField, Name: "field", Type: TypeInt, Min: 1, Max: 65535},
	{ID: QuestionText, Name: "text", Type: TypeText, Required: true, MaxRunes: 1000},
	{ID: QuestionAskedBy, Name: "asked_by", Type: TypeText, Personal: true},
	{ID: QuestionAskedAt, Name: "asked_at", Type: TypeTime},
	{ID: QuestionAnsweredBy, Name: "answered_by", Type: TypeRef, Of: KindVolunteer},
	{ID: QuestionAnsweredAt, Name: "answered_at", Type: TypeTime},
	{ID: QuestionAnswer, Name: "answer", Type: TypeText, MaxRunes: 1000},
	{ID: QuestionForNode, Name: "for_node", Type: TypeInt, Min: 1, Max: 4294967295},
	{ID: QuestionSettledAt, Name: "settled_at", Type: TypeTime},
}}

// Fields of a invite. On disk and on the wire: add at the end, never renumber.
const (
	InviteRole       FieldID = 10
	InviteName       FieldID = 11
	InviteTokenHash  FieldID = 12 // SHA-256 of the token
	InviteExpires    FieldID = 13
	InviteUsedAt     FieldID = 14
	InviteNodeNumber FieldID = 15
)

// inviteSpec: an invitation to join; kept by HQ, never replicated.
var inviteSpec = Spec{Kind: KindInvite, Name: "invite", Fields: []Field{
	{ID: InviteRole, Name: "role", Type: TypeEnum, Options: nodeRoles},
	{ID: InviteName, Name: "name", Type: TypeText},
	{ID: InviteTokenHash, Name: "token_hash", Type: TypeBytes},
	{ID: InviteExpires, Name: "expires", Type: TypeTime},
	{ID: InviteUsedAt, Name: "used_at", Type: TypeTime},
	{ID: InviteNodeNumber, Name: "node_number", Type: TypeInt, Min: 1, Max: 4294967295},
}}

// Fields of a node. On disk and on the wire: add at the end, never renumber.
const (
	NodeNumber          FieldID = 10
	NodeLetters         FieldID = 11 // as on codes, see LettersOf
	NodeName            FieldID = 12
	NodePublicKey       FieldID = 13 // Ed25519
	NodeRole            FieldID = 14
	NodeRevokedAt       FieldID = 15
	NodeRevokedAfterSeq FieldID = 16 // changes of the node after this sequence go to quarantine; 0 is all of them
	NodeLastSeen        FieldID = 17
	NodeLastSeq         FieldID = 18
	NodeAppVersion      FieldID = 19
	NodeCourierKey      FieldID = 20 // age recipient
	NodeEpoch           FieldID = 21 // incarnation that the node goes on under
	NodeCounted         FieldID = 22 // of a revoked node: of each of its logs the last write that counts; logs that are not named count for nothing
)

// nodeSpec: a replica; only what HQ's own log says of it counts.
var nodeSpec = Spec{Kind: KindNode, Name: "node", Fields: []Field{
	{ID: NodeNumber, Name: "number", Type: TypeInt, Max: 4294967295},
	{ID: NodeLetters, Name: "letters", Type: TypeText, MaxRunes: 5},
	{ID: NodeName, Name: "name", Type: TypeText},
	{ID: NodePublicKey, Name: "public_key", Type: TypeBytes},
	{ID: NodeRole, Name: "role", Type: TypeEnum, Options: nodeRoles},
	{ID: NodeRevokedAt, Name: "revoked_at", Type: TypeTime},
	{ID: NodeRevokedAfterSeq, Name: "revoked_after_seq", Type: TypeInt},
	{ID: NodeLastSeen, Name: "last_seen", Type: TypeTime, Policy: PolicyLast},
	{ID: NodeLastSeq, Name: "last_seq", Type: TypeInt, Policy: PolicyLast},
	{ID: NodeAppVersion, Name: "app_version", Type: TypeText, Policy: PolicyLast, MaxRunes: 40},
	{ID: NodeCourierKey, Name: "courier_key", Type: TypeText, MaxRunes: 200},
	{ID: NodeEpoch, Name: "epoch", Type: TypeInt, Max: 4294967295},
	{ID: NodeCounted, Name: "counted", Type: TypeRefs},
}}

// Fields of a revocation. On disk and on the wire: add at the end, never renumber.
const (
	RevocationNode       FieldID = 10 // number of the node; absent: a badge
	RevocationAfterSeq   FieldID = 11 // changes of the node after this sequence go to quarantine
	RevocationPerson     FieldID = 12 // trainee or volunteer whose badge it is
	RevocationBadgeIssue FieldID = 13 // this badge and older ones
	RevocationReason     FieldID = 14
	RevocationAt         FieldID = 15
	RevocationBy         FieldID = 16
	RevocationLeft       FieldID = 17 // changes up to this write of the node's log were read and stay apart
)

// revocationSpec: a node or badge that no longer counts.
var revocationSpec = Spec{Kind: KindRevocation, Name: "revocation", Fields: []Field{
	{ID: RevocationNode, Name: "node", Type: TypeInt, Min: 1, Max: 4294967295},
	{ID: RevocationAfterSeq, Name: "after_seq", Type: TypeInt},
	{ID: RevocationPerson, Name: "person", Type: TypeRef},
	{ID: RevocationBadgeIssue, Name: "badge_issue", Type: TypeInt, Max: 999},
	{ID: RevocationReason, Name: "reason", Type: TypeText},
	{ID: RevocationAt, Name: "at", Type: TypeTime},
	{ID: RevocationBy, Name: "by", Type: TypeText, Personal: true},
	{ID: RevocationLeft, Name: "left", Type: TypeRef},
}}

// Fields of an acceptance. On disk and on the wire: add at the end, never renumber.
const (
	AcceptanceRecords FieldID = 10 // what had been written to them when HQ accepted; later writes are not
	AcceptanceBy      FieldID = 11 // who of HQ
	AcceptanceAt      FieldID = 12
	AcceptanceNote    FieldID = 13
)

// acceptanceSpec: records that HQ read and found good. Deleting it takes the acceptance back.
var acceptanceSpec = Spec{Kind: KindAcceptance, Name: "acceptance", Fields: []Field{
	{ID: AcceptanceRecords, Name: "records", Type: TypeRefs, Required: true},
	{ID: AcceptanceBy, Name: "by", Type: TypeText, Personal: true},
	{ID: AcceptanceAt, Name: "at", Type: TypeTime},
	{ID: AcceptanceNote, Name: "note", Type: TypeText, MaxRunes: 500},
}}

// Fields of a fork.
const (
	ForkNode  FieldID = 10 // number of the log's node
	ForkEpoch FieldID = 11 // of the log
	ForkSeq   FieldID = 12 // a place of the history that HQ has
	ForkHash  FieldID = 13 // the hash there
)

// Only what HQ's own log says of a fork counts.
var forkSpec = Spec{Kind: KindFork, Name: "fork", Fields: []Field{
	{ID: ForkNode, Name: "node", Type: TypeInt, Max: 4294967295},
	{ID: ForkEpoch, Name: "epoch", Type: TypeInt, Max: 4294967295},
	{ID: ForkSeq, Name: "seq", Type: TypeInt, Min: 1},
	{ID: ForkHash, Name: "hash", Type: TypeBytes},
}}

// Fields of a forgotten person. On disk and on the wire: add at the end, never renumber.
const (
	ForgottenRecords FieldID = 10 // of the person, and others that are about her, as far as HQ knew them
	ForgottenAt      FieldID = 11
	ForgottenMarks   FieldID = 12 // of each record in turn 8 bytes, see journal.State.Mark; zeros: not known. Missing: by number alone
)

// Only what HQ's own log says of somebody forgotten counts. Nothing in it says who it was.
var forgottenSpec = Spec{Kind: KindForgotten, Name: "forgotten", Fields: []Field{
	{ID: ForgottenRecords, Name: "records", Type: TypeRefs, Required: true},
	{ID: ForgottenAt, Name: "at", Type: TypeTime},
	{ID: ForgottenMarks, Name: "marks", Type: TypeBytes},
}}

// Fields of a snapshot. On disk and on the wire: add at the end, never renumber.
const (
	SnapshotHeads FieldID = 10 // up to where each log is covered by pages, as store.AppendHeads writes it
	SnapshotAt    FieldID = 11
)

// Only what HQ's own log says of a snapshot counts.
var snapshotSpec = Spec{Kind: KindSnapshot, Name: "snapshot", Fields: []Field{
	{ID: SnapshotHeads, Name: "heads", Type: TypeBytes, Required: true},
	{ID: SnapshotAt, Name: "at", Type: TypeTime},
}}

// Fields of a clock. On disk and on the wire: add at the end, never renumber.
const (
	ClockNode   FieldID = 10 // number of the node
	ClockEpoch  FieldID = 11 // of its log
	ClockBoot   FieldID = 12 // run of its program, as its changes tell
	ClockUp     FieldID = 13 // seconds since that run began when the clocks were compared
	ClockWall   FieldID = 14 // the laptop's clock then
	ClockOffset FieldID = 15 // seconds to add to it; in HQ's log only
)

// In HQ's log a clock says how far a laptop's clock was off. In a laptop's log it says that the two met just then, and not
// what the right time was.
var clockSpec = Spec{Kind: KindClock, Name: "clock", Fields: []Field{
	{ID: ClockNode, Name: "node", Type: TypeInt, Max: 4294967295},
	{ID: ClockEpoch, Name: "epoch", Type: TypeInt, Max: 4294967295},
	{ID: ClockBoot, Name: "boot", Type: TypeInt, Max: 4294967295},
	{ID: ClockUp, Name: "up", Type: TypeInt, Max: 4294967295},
	{ID: ClockWall, Name: "wall", Type: TypeInt},
	{ID: ClockOffset, Name: "offset", Type: TypeInt},
}}
