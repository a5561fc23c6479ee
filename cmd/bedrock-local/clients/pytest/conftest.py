"""A Bedrock on localhost for pytest: one server for all tests, and a world for each."""
import json, os, subprocess, urllib.request, uuid

import boto3
import pytest


@pytest.fixture(scope="session")
def bedrock_url():
    command = [os.environ.get("BEDROCK_LOCAL", "bedrock-local"), "-addr", "127.0.0.1:0", "-log", "off"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        yield server.stdout.readline().removeprefix("listening on ").strip()
        server.terminate()


@pytest.fixture
def bedrock(bedrock_url):
    key = "test-" + uuid.uuid4().hex  # names the world

    def control(method, path, body=None):
        request = urllib.request.Request(f"{bedrock_url}/_local/v1/{path}", json.dumps(body).encode(), {"Authorization": f"Bearer {key}"}, method=method)
        with urllib.request.urlopen(request) as response:
            return json.load(response)

    control("POST", "reset")
    client = boto3.client("bedrock-runtime", endpoint_url=bedrock_url, region_name="us-east-1", aws_access_key_id=key, aws_secret_access_key="any")
    return client, control
