package store

import "golang.org/x/sys/windows/registry"

// machineName names this computer: what Windows was given when it was installed.
func machineName() string {
	k, err := registry.OpenKey(registry.LOCAL_MACHINE, `SOFTWARE\Microsoft\Cryptography`, registry.QUERY_VALUE|registry.WOW64_64KEY)
	if err != nil {
		return ""
	}
	defer k.Close()
	name, _, err := k.GetStringValue("MachineGuid")
	if err != nil {
		return ""
	}
	return name
}
