package practice

// land is what the made-up people of a country are made of. Villages stand where such villages may stand; phones are
// of the country's form with random digits.
type land struct {
	code                 string
	villages             [4]village
	women, men, families []string
	phonePrefix          string
	phoneDigits          int
}

type village struct {
	name     string
	lat, lon float64
}

var lands = []land{
	{code: "KE", phonePrefix: "+2547", phoneDigits: 8,
		villages: [4]village{{"Oldonyo Nyokie", -1.95, 36.40}, {"Olkiramatian", -1.93, 36.13}, {"Entasopia", -1.85, 35.95}, {"Shompole", -2.02, 36.05}},
		women:    []string{"Nasieku", "Naserian", "Wanjiru", "Resiato", "Achieng", "Nashipae", "Amina", "Grace", "Silantoi", "Jebet"},
		men:      []string{"Lemayian", "Saitoti", "Kamau", "Otieno", "Ole Koin", "Parmuat", "Kiprop", "Juma"},
		families: []string{"Ole Ntutu", "Leshan", "Parsitau", "Kamau", "Tipis", "Sankan", "Odhiambo", "Nkaissery", "Wambui", "Koitalel"}},
	{code: "SN", phonePrefix: "+22177", phoneDigits: 7,
		villages: [4]village{{"Koussanar", 13.87, -14.08}, {"Saré Bidji", 12.95, -14.75}, {"Ndiobène", 14.10, -15.40}, {"Kéniéba", 13.20, -12.60}},
		women:    []string{"Aïssatou", "Fatou", "Ndèye", "Khadidiatou", "Coumba", "Mariama", "Adja", "Sokhna"},
		men:      []string{"Mamadou", "Ousmane", "Cheikh", "Ibrahima", "Modou", "Abdoulaye", "Babacar"},
		families: []string{"Diallo", "Ndiaye", "Sow", "Bâ", "Cissé", "Diouf", "Faye", "N’Dour", "Gueye", "Sané"}},
	{code: "BR", phonePrefix: "+5592", phoneDigits: 9,
		villages: [4]village{{"Urucará São José", -2.53, -57.75}, {"Igarapé Açu", -3.10, -60.10}, {"Boa Esperança", -3.80, -62.00}, {"São Tomé do Lago", -4.05, -63.10}},
		women:    []string{"Conceição", "Antônia", "Luzia", "Raimunda", "Jéssica", "Inês", "Mônica", "Flávia"},
		men:      []string{"José", "João", "Raimundo", "Antônio", "Sebastião", "Édson", "Moisés"},
		families: []string{"da Silva", "Araújo", "Conceição", "Gonçalves", "Pinheiro", "Guimarães", "Lobão", "dos Santos", "Paixão"}},
	{code: "PH", phonePrefix: "+639", phoneDigits: 9,
		villages: [4]village{{"San Isidro", 11.30, 124.35}, {"Santo Niño", 11.92, 124.45}, {"Mapanas", 12.47, 125.25}, {"Sitio Malinaw", 10.20, 123.90}},
		women:    []string{"Maricel", "Rosalinda", "Jocelyn", "Luzviminda", "Analyn", "Teresita", "Ligaya"},
		men:      []string{"Rodrigo", "Jun-Jun", "Efren", "Bayani", "Danilo", "Ernesto", "Ramil"},
		families: []string{"dela Cruz", "Peñaflorida", "Santos", "Muñoz", "Bautista", "Ocampo", "Magsaysay", "Ibañez", "Macaraeg"}},
}
