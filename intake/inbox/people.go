package inbox

// maxLogin is the length of a login.
const maxLogin = 64
