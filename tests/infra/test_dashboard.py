"""The dashboard's function in the stack."""

from combinations import DOMAIN, EVERYTHING, each_combination
from stack import resolve


def test_the_dashboard_is_made_only_when_asked_for(templates):
    stack = resolve(templates)
    assert not [name for name in stack.resources if name.startswith("Dashboard")]
    assert not [name for name in stack.outputs if name.startswith("Dashboard")]


@each_combination
def test_the_dashboard_asks_about_the_stacks_own_hits(templates, parameters):
    stack = resolve(templates, parameters={**EVERYTHING, **parameters})
    catalog = stack.nested["Catalog"]
    variables = stack.properties("DashboardStack/DashboardFunction")["Environment"]["Variables"]
    assert variables["BEACON_WORKGROUP"] == catalog.outputs["WorkGroupName"] == "beacon"
    assert variables["BEACON_DATABASE"] == catalog.outputs["DatabaseName"] == "beacon"
    assert variables["BEACON_TABLE"] == catalog.outputs["TableName"] == "tp_hits"
    assert variables["BEACON_BUFFER_INTERVAL_SECONDS"] == "300"
    # What the pixel records is what the dashboard knows of.
    pixel = stack.properties("Function")["Environment"]["Variables"]
    for name in ("BEACON_PRIVACY", "BEACON_KEEP_HEADERS", "BEACON_COLUMNS"):
        assert variables[name] == pixel[name]
    # The hits that it may read are those that the stream writes, the results those that the work group does.
    destination = stack.properties("StreamStack/Stream")["ExtendedS3DestinationConfiguration"]
    (group,) = catalog.of_type("AWS::Athena::WorkGroup").values()
    results = group["Properties"]["WorkGroupConfiguration"]["ResultConfiguration"]["OutputLocation"]
    assert results == "s3://<Bucket>/athena-results/"
    assert destination["Prefix"].startswith("hits/year=")
    # In the stack's own bucket, under a prefix that nothing else writes to and no lifecycle rule ends.
    assert variables["BEACON_DASHBOARD_DOCUMENT"] == "s3://<Bucket>/dashboard/document.json"
    rules = stack.properties("Bucket")["LifecycleConfiguration"]["Rules"]
    ended = [rule.get("Prefix") for rule in rules if "ExpirationInDays" in rule]
    assert ended and not [prefix for prefix in ended if "dashboard/".startswith(prefix or "")]
    assert stack.outputs["DashboardUrl"] == "https://<DashboardStack/DashboardFunctionUrl>.lambda-url.us-east-1.on.aws/"


def test_the_dashboard_gives_the_pixels_address_to_paste(templates):
    on = {name: value for name, value in EVERYTHING.items() if name.startswith("Dashboard")}

    def pasted(**parameters):
        stack = resolve(templates, parameters=on | parameters)
        return stack.properties("DashboardStack/DashboardFunction")["Environment"]["Variables"]["BEACON_ENDPOINT"], stack.outputs["Endpoint"]

    for parameters in ({}, {"BasePath": "stats"}, {"Endpoint": "http-api"}, {"Endpoint": "http-api", **DOMAIN}):
        address, endpoint = pasted(**parameters)
        assert address == endpoint
    assert pasted(Trust="cloudfront", OriginSecret="s" * 32)[0] == ""
