// Package laptop is a data folder and what is done with it: making and unlocking it, joining a campaign, practice,
// importing, checking in, badges, syncing, backup. The window and the terminal share it, so that both do the same.
// Only commands import it.
//
// A data folder holds laptop.json (the name and the settings, nothing about people), vault.json (how the passphrase
// opens the data key) and campaigns/ with one folder for each campaign.
package laptop
