package fieldwork

// The tables of lamps: models, lamps, installations, visits, stock.

// Fields of a lamp model. On disk and on the wire: add at the end, never renumber.
const (
	LampModelName           FieldID = 10
	LampModelMaker          FieldID = 11
	LampModelType           FieldID = 12
	LampModelPVW            FieldID = 13 // panel, W
	LampModelBatteryType    FieldID = 14
	LampModelBatteryWh      FieldID = 15
	LampModelLumens         FieldID = 16
	LampModelUSB            FieldID = 17 // charges phones
	LampModelWarrantyMonths FieldID = 18
	LampModelCost           FieldID = 19
	LampModelCurrency       FieldID = 20 // ISO 4217
	LampModelProductId      FieldID = 21 // product_common_id of Prospect
	LampModelNote           FieldID = 22
)

// lampModelSpec: a model of lamp, kept by HQ.
var lampModelSpec = Spec{Kind: KindLampModel, Name: "lamp_model", Fields: []Field{
	{ID: LampModelName, Name: "name", Type: TypeText, Required: true},
	{ID: LampModelMaker, Name: "maker", Type: TypeText},
	{ID: LampModelType, Name: "type", Type: TypeEnum, Options: lampTypes},
	{ID: LampModelPVW, Name: "pv_w", Type: TypeDecimal, Max: 1000000},
	{ID: LampModelBatteryType, Name: "battery_type", Type: TypeText},
	{ID: LampModelBatteryWh, Name: "battery_wh", Type: TypeDecimal, Max: 10000000},
	{ID: LampModelLumens, Name: "lumens", Type: TypeInt, Max: 100000},
	{ID: LampModelUSB, Name: "usb", Type: TypeBool},
	{ID: LampModelWarrantyMonths, Name: "warranty_months", Type: TypeInt, Max: 600},
	{ID: LampModelCost, Name: "cost", Type: TypeDecimal, Max: 1000000000},
	{ID: LampModelCurrency, Name: "currency", Type: TypeText, MaxRunes: 3},
	{ID: LampModelProductId, Name: "product_id", Type: TypeText},
	{ID: LampModelNote, Name: "note", Type: TypeText, Policy: PolicyAppend, MaxRunes: 2000},
}}

// Fields of a lamp. On disk and on the wire: add at the end, never renumber.
const (
	LampTagCode        FieldID = 10
	LampSerial         FieldID = 11
	LampOldSerials     FieldID = 12
	LampModel          FieldID = 13
	LampBatch          FieldID = 14
	LampBuiltBy        FieldID = 15
	LampBuildSession   FieldID = 16
	LampDonor          FieldID = 17
	LampStatus         FieldID = 18
	LampStatusDate     FieldID = 19 // since when status holds; a later visit overrules it
	LampSite           FieldID = 20
	LampNote           FieldID = 21
	LampWriteOffReason FieldID = 22
)

// lampSpec: one lamp, from kit to its end.
var lampSpec = Spec{Kind: KindLamp, Name: "lamp", Fields: []Field{
	{ID: LampTagCode, Name: "tag_code", Type: TypeText, Policy: PolicyUnique, MaxRunes: 40},
	{ID: LampSerial, Name: "serial", Type: TypeText, Policy: PolicyUnique, MaxRunes: 60},
	{ID: LampOldSerials, Name: "old_serials", Type: TypeTexts, MaxRunes: 1000},
	{ID: LampModel, Name: "model", Type: TypeRef, Of: KindLampModel},
	{ID: LampBatch, Name: "batch", Type: TypeText},
	{ID: LampBuiltBy, Name: "built_by", Type: TypeRefs, Of: KindTrainee},
	{ID: LampBuildSession, Name: "build_session", Type: TypeRef, Of: KindSession},
	{ID: LampDonor, Name: "donor", Type: TypeText},
	{ID: LampStatus, Name: "status", Type: TypeEnum, Policy: PolicySticky, Options: lampStates, Sticky: []int64{LampLost, LampStolen}},
	{ID: LampStatusDate, Name: "status_date", Type: TypeDate, Policy: PolicyLast, With: LampStatus},
	{ID: LampSite, Name: "site", Type: TypeRef, Of: KindSite},
	{ID: LampNote, Name: "note", Type: TypeText, Policy: PolicyAppend, MaxRunes: 2000},
	{ID: LampWriteOffReason, Name: "write_off_reason", Type: TypeText},
}}

// Fields of a installation. On disk and on the wire: add at the end, never renumber.
const (
	InstallationLamp           FieldID = 10
	InstallationSite           FieldID = 11
	InstallationPlace          FieldID = 12
	InstallationHouseholds     FieldID = 13
	InstallationPeopleLit      FieldID = 14 // as asked, never assumed
	InstallationDate           FieldID = 15
	InstallationInstalledBy    FieldID = 16 // trainee or volunteer
	InstallationReplaces       FieldID = 17
	InstallationPosition       FieldID = 18
	InstallationPositionSource FieldID = 19
	InstallationUsage          FieldID = 20
	InstallationPhoto          FieldID = 21
	InstallationStillInPlace   FieldID = 22
	InstallationNote           FieldID = 23
)

// installationSpec: a lamp in a place.
var installationSpec = Spec{Kind: KindInstallation, Name: "installation", Fields: []Field{
	{ID: InstallationLamp, Name: "lamp", Type: TypeRef, Of: KindLamp, Required: true},
	{ID: InstallationSite, Name: "site", Type: TypeRef, Of: KindSite},
	{ID: InstallationPlace, Name: "place", Type: TypeEnum, Options: places},
	{ID: InstallationHouseholds, Name: "households", Type: TypeRefs, Of: KindHousehold},
	{ID: InstallationPeopleLit, Name: "people_lit", Type: TypeInt, Max: 5000},
	{ID: InstallationDate, Name: "date", Type: TypeDate},
	{ID: InstallationInstalledBy, Name: "installed_by", Type: TypeRef},
	{ID: InstallationReplaces, Name: "replaces", Type: TypeEnum, Options: lights},
	{ID: InstallationPosition, Name: "position", Type: TypePosition, Personal: true},
	{ID: InstallationPositionSource, Name: "position_source", Type: TypeEnum, Policy: PolicyLast, Options: positionSources},
	{ID: InstallationUsage, Name: "usage", Type: TypeEnum, Options: usages},
	{ID: InstallationPhoto, Name: "photo", Type: TypePhoto, Personal: true},
	{ID: InstallationStillInPlace, Name: "still_in_place", Type: TypeBool},
	{ID: InstallationNote, Name: "note", Type: TypeText, Policy: PolicyAppend, MaxRunes: 2000, Personal: true},
}}

// Fields of a visit. On disk and on the wire: add at the end, never renumber.
const (
	VisitLamp           FieldID = 10
	VisitPlanned        FieldID = 11
	VisitDone           FieldID = 12
	VisitVisitor        FieldID = 13 // volunteer or trainee
	VisitFound          FieldID = 14 // the lamp was found
	VisitStatusFound    FieldID = 15
	VisitHoursANight    FieldID = 16
	VisitBrightness     FieldID = 17
	VisitProblem        FieldID = 18
	VisitSeverity       FieldID = 19
	VisitAction         FieldID = 20
	VisitPartsUsed      FieldID = 21
	VisitRepairedBy     FieldID = 22 // trainee or volunteer
	VisitSameUsers      FieldID = 23
	VisitOtherLight     FieldID = 24 // other light still used, %
	VisitSatisfaction   FieldID = 25
	VisitStory          FieldID = 26
	VisitStoryConsent   FieldID = 27
	VisitPhoto          FieldID = 28
	VisitNextDue        FieldID = 29
	VisitSpend          FieldID = 30 // on light, a month, now
	VisitCurrency       FieldID = 31 // ISO 4217
	VisitKeroseneLitres FieldID = 32 // a month, now
	VisitStudyHours     FieldID = 33 // children's evening study hours, now
	VisitNote           FieldID = 34
)

// visitSpec: a look at an installed lamp.
var visitSpec = Spec{Kind: KindVisit, Name: "visit", Fields: []Field{
	{ID: VisitLamp, Name: "lamp", Type: TypeRef, Policy: PolicyAppend, Of: KindLamp, Required: true},
	{ID: VisitPlanned, Name: "planned", Type: TypeDate, Policy: PolicyAppend},
	{ID: VisitDone, Name: "done", Type: TypeDate, Policy: PolicyAppend},
	{ID: VisitVisitor, Name: "visitor", Type: TypeRef, Policy: PolicyAppend},
	{ID: VisitFound, Name: "found", Type: TypeBool, Policy: PolicyAppend},
	{ID: VisitStatusFound, Name: "status_found", Type: TypeEnum, Policy: PolicyAppend, Options: lampStates},
	{ID: VisitHoursANight, Name: "hours_a_night", Type: TypeDecimal, Policy: PolicyAppend, Max: 2400},
	{ID: VisitBrightness, Name: "brightness", Type: TypeEnum, Policy: PolicyAppend, Options: brightnesses},
	{ID: VisitProblem, Name: "problem", Type: TypeEnums, Policy: PolicyAppend, Options: problems},
	{ID: VisitSeverity, Name: "severity", Type: TypeEnum, Policy: PolicyAppend, Options: severities},
	{ID: VisitAction, Name: "action", Type: TypeEnum, Policy: PolicyAppend, Options: actions},
	{ID: VisitPartsUsed, Name: "parts_used", Type: TypeTexts, Policy: PolicyAppend},
	{ID: VisitRepairedBy, Name: "repaired_by", Type: TypeRef, Policy: PolicyAppend},
	{ID: VisitSameUsers, Name: "same_users", Type: TypeBool, Policy: PolicyAppend},
	{ID: VisitOtherLight, Name: "other_light", Type: TypeInt, Policy: PolicyAppend, Max: 100},
	{ID: VisitSatisfaction, Name: "satisfaction", Type: TypeInt, Policy: PolicyAppend, Min: 1, Max: 5},
	{ID: VisitStory, Name: "story", Type: TypeText, Policy: PolicyAppend, MaxRunes: 4000, Personal: true},
	{ID: VisitStoryConsent, Name: "story_consent", Type: TypeBool, Policy: PolicyAppend},
	{ID: VisitPhoto, Name: "photo", Type: TypePhoto, Policy: PolicyAppend, Personal: true},
	{ID: VisitNextDue, Name: "next_due", Type: TypeDate, Policy: PolicyAppend},
	{ID: VisitSpend, Name: "spend", Type: TypeDecimal, Policy: PolicyAppend, Max: 1000000000},
	{ID: VisitCurrency, Name: "currency", Type: TypeText, Policy: PolicyAppend, MaxRunes: 3},
	{ID: VisitKeroseneLitres, Name: "kerosene_litres", Type: TypeDecimal, Policy: PolicyAppend, Max: 50000},
	{ID: VisitStudyHours, Name: "study_hours", Type: TypeDecimal, Policy: PolicyAppend, Max: 2400},
	{ID: VisitNote, Name: "note", Type: TypeText, Policy: PolicyAppend, MaxRunes: 2000, Personal: true},
}}

// Fields of a stock move. On disk and on the wire: add at the end, never renumber.
const (
	StockMoveItem     FieldID = 10
	StockMovePart     FieldID = 11 // which part
	StockMoveModel    FieldID = 12
	StockMoveQuantity FieldID = 13
	StockMoveFrom     FieldID = 14
	StockMoveTo       FieldID = 15
	StockMoveFromSite FieldID = 16
	StockMoveToSite   FieldID = 17
	StockMoveLamp     FieldID = 18
	StockMoveReason   FieldID = 19
	StockMoveDate     FieldID = 20
)

// stockMoveSpec: kits or parts that moved.
var stockMoveSpec = Spec{Kind: KindStockMove, Name: "stock_move", AppendOnly: true, Fields: []Field{
	{ID: StockMoveItem, Name: "item", Type: TypeEnum, Policy: PolicyAppend, Options: stockItems, Required: true},
	{ID: StockMovePart, Name: "part", Type: TypeText, Policy: PolicyAppend},
	{ID: StockMoveModel, Name: "model", Type: TypeRef, Policy: PolicyAppend, Of: KindLampModel},
	{ID: StockMoveQuantity, Name: "quantity", Type: TypeInt, Policy: PolicyAppend, Required: true, Min: 1, Max: 1000000},
	{ID: StockMoveFrom, Name: "from", Type: TypeEnum, Policy: PolicyAppend, Options: stockPlaces},
	{ID: StockMoveTo, Name: "to", Type: TypeEnum, Policy: PolicyAppend, Options: stockPlaces},
	{ID: StockMoveFromSite, Name: "from_site", Type: TypeRef, Policy: PolicyAppend, Of: KindSite},
	{ID: StockMoveToSite, Name: "to_site", Type: TypeRef, Policy: PolicyAppend, Of: KindSite},
	{ID: StockMoveLamp, Name: "lamp", Type: TypeRef, Policy: PolicyAppend, Of: KindLamp},
	{ID: StockMoveReason, Name: "reason", Type: TypeText, Policy: PolicyAppend},
	{ID: StockMoveDate, Name: "date", Type: TypeDate, Policy: PolicyAppend},
}}
