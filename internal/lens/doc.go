// Package lens reads QR codes from pictures as people take them: turned, dark, blurred, from the side. It is pure: bytes of a picture
// in, the code's text out. The laptop's package and the camera's page import it.
package lens
