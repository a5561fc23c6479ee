def test_greets(bedrock):
    client, control = bedrock
    control("PUT", "script", ["Hello."])
    answer = client.converse(modelId="us.anthropic.claude-opus-5", messages=[{"role": "user", "content": [{"text": "Hi."}]}])
    assert answer["output"]["message"]["content"] == [{"text": "Hello."}]
    control("POST", "verify", {"calls": [{"text": "Hi.", "times": 1}], "nothing_else": True})
