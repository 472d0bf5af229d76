// Vulnerable on purpose; this key was made up and opens nothing.
module.exports = {
  mailApiKey: "k9Xw2Vb7Nq4Rt8Ym3Zp6Lc1Hj5Gd0Fs",
  sessionSecret: "keyboard-cat",
};
