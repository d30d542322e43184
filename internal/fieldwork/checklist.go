package fieldwork

// practical is what somebody shows by hand in each module, in the order in which it is done. The names are kept in assessments
// and have words in the catalogues: add at the end, never rename.
var practical = map[int64][]string{
	ModuleAssembly:          {"names_parts", "case_closed", "switch_works", "lamp_lights"},
	ModuleWiringSoldering:   {"polarity_right", "joints_shine", "no_short", "wires_held"},
	ModuleInstallation:      {"panel_south_or_north", "panel_clean_free", "cable_fixed", "family_shown"},
	ModuleMaintenanceRepair: {"finds_fault", "measures_battery", "changes_part", "writes_visit"},
	ModuleSafety:            {"battery_handled", "tools_handled", "ladder_held"},
	ModuleGreenSkills:       {"battery_returned", "explains_sun"},
	ModuleTrainTheTrainer:   {"explains_step", "lets_others_do", "checks_understanding"},
}

// Practical returns the practical check list of a module. The list is shared: read only.
func Practical(module int64) []string { return practical[module] }

// NextModule is the module that comes next at a site: the first of the course that none of the sessions held there taught; without a
// course, the first of all. 0: all were taught.
func NextModule(course Record, held []Record) int64 {
	order := course.Get(CourseModules).Ints()
	if len(order) == 0 {
		for _, o := range modules {
			order = append(order, o.N)
		}
	}
	for _, m := range order {
		taught := false
		for _, s := range held {
			status, _ := s.Get(SessionStatus).Int()
			taught = taught || status != SessionStatusCancelled && s.Get(SessionModules).Has(m)
		}
		if !taught {
			return m
		}
	}
	return 0
}
