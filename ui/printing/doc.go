// Package printing is the dialog by which every place prints: whose, on what, from which label on, on which printer, with a
// picture of the first page. What was chosen last is remembered. ui and its places import it.
package printing
