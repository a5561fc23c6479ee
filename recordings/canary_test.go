package recordings_test

// The canaries are made up at run time, so that searching this repository for
// secrets finds none.
var (
	canaryKey     = "AKIA" + "Q3EGWXQJ5ZBTKDLM"
	canarySecret  = "wJal" + "rXUtnFEMIK7MDENGbPxRfiCYzQx9" + "Lm4Tn8Kp"
	canarySession = "IQoJ" + "b3JpZ2luX2VjEOf//////////wEaCXVzLWVhc3QtMSJHMEUCIQD"
	canaryAccount = "9999" + "88887777"
	canaryARN     = "arn:aws:bedrock:us-east-1:" + canaryAccount + ":application-inference-profile/x"
	canaryOpenAI  = "sk-" + "proj-abcdefghijklmnopqrstuvwx"
	canaryGoogle  = "AIza" + "SyA1234567890abcdefghijklmnopqrstuv"
	canarySlack   = "xoxb" + "-1234567890-abcdefghij"
	canaryJWT     = "eyJ" + "hbGciOiJIUzI1NiJ9.eyJ" + "zdWIiOiIxMjM0NTY3ODkwIn0.c2lnbmF0dXJl"
	canaryPEM     = "-----BEGIN RSA " + "PRIVATE KEY-----"
	canaryGitHub  = "ghp_" + "abcdefghijklmnopqrstuvwxyz0123456789"
	canaryBedrock = "ABSK" + "QmVkcm9ja0FQSUtleS1hYmNkLWF0LTk5OTk4ODg4Nzc3Nzo"
)
