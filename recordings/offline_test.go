package recordings_test

import (
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime"

	"github.com/chatmodel-go/chatmodel/recordings"
)

func TestOffline(t *testing.T) {
	transport, resolver := http.DefaultTransport, net.DefaultResolver
	srv := newService(t, func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "ok") })
	t.Run("inside", func(t *testing.T) {
		recordings.Offline(t)
		for _, address := range []string{"https://bedrock-runtime.us-east-1.amazonaws.com/", "http://192.0.2.1/", "http://[2001:db8::1]/", "http://localhost.example.com/"} {
			for name, client := range map[string]*http.Client{"default": http.DefaultClient, "without transport": {}, "of a clone": {Transport: http.DefaultTransport.(*http.Transport).Clone()}} {
				_, err := client.Get(address)
				if !errors.Is(err, recordings.ErrOffline) {
					t.Errorf("%s client, %s: error = %v, want ErrOffline", name, address, err)
				}
			}
		}
		own := &http.Client{Transport: &http.Transport{}}
		if _, err := own.Get("https://bedrock-runtime.us-east-1.amazonaws.com/"); err == nil || !strings.Contains(err.Error(), "the test is offline") {
			t.Errorf("transport of its own: error = %v, want the text of ErrOffline", err)
		}
		resp, err := http.Get(srv.URL)
		if err != nil {
			t.Fatalf("a server on this machine: %v", err)
		}
		resp.Body.Close()
		u, _ := url.Parse(srv.URL)
		if resp, err = own.Get("http://localhost:" + u.Port()); err == nil { // if it has that name
			resp.Body.Close()
		}
	})
	if http.DefaultTransport != transport || net.DefaultResolver != resolver {
		t.Error("the transport and the resolver of before are not back")
	}
}

// The SDK of AWS has a transport of its own.
func TestOfflineKeepsTheSDKOff(t *testing.T) {
	recordings.Isolate(t)
	recordings.Offline(t)
	cfg, err := config.LoadDefaultConfig(t.Context(), config.WithRegion("us-east-1"), config.WithRetryer(func() aws.Retryer { return aws.NopRetryer{} }))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := cfg.Credentials.Retrieve(t.Context()); err == nil {
		t.Error("credentials were found")
	}
	cfg.Credentials = credentials.NewStaticCredentialsProvider(canaryKey, canarySecret, "")
	_, err = bedrockruntime.NewFromConfig(cfg).Converse(t.Context(), hello("m"))
	if err == nil || !strings.Contains(err.Error(), "the test is offline") {
		t.Errorf("Converse error = %v, want the text of ErrOffline", err)
	}
}

// A tape answers all the same.
func TestOfflineWithTape(t *testing.T) {
	recordings.Offline(t)
	tape := recordings.Open(t, "c", &recordings.Options{Dir: transcribe(t, exchange("1", "2"))})
	if _, got := post(t, tape.Client(), converseURL, "1"); got != "2" {
		t.Errorf("response = %q, want what was recorded", got)
	}
}
