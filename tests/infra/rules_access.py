"""Who may do what: every `*` has a reason, the function may put hits, keep the day's salt and log, the dashboard's may
ask Athena about the hits and log, the bucket is closed."""

import re

from stack import ACCOUNT, REGION, logical_id

# The only places for a `*`: effect, element and value of the statement, and why none narrower can be written.
REASONED = [
    ("Deny", "Action|Principal|Resource", r".*", "a denial is the better the more it covers"),
    (
        "Allow",
        "Resource",
        r"arn:aws:s3:::[^/*]+/[a-z-]+/\*",
        "files get their names when they are written; bucket and folder are exact",
    ),
    (
        "Allow",
        "Resource",
        rf"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:<[\w/]+>:\*",
        "the streams of a function's log are named by Lambda; the group is exact",
    ),
    (
        "Allow",
        "Resource",
        rf"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/aws-glue/crawlers:\*",
        "a log group is made under this form of its name alone; the group is exact",
    ),
    ("Allow", "PublicUrl", r"\*", "a pixel is loaded by anybody, and the dashboard asks for its password itself"),
    (
        "Allow",
        "SourceArn",
        rf"arn:aws:execute-api:{REGION}:{ACCOUNT}:<[\w/]*HttpApi>/\*/\$default",
        "the API has one stage, and only the $default route",
    ),
]


def access(stack):
    for where, effect, element, value in _grants(stack):
        if element.startswith("Not") or element == "ManagedPolicyArns":
            yield f"{where}: {element} grants more than it names: {value}"
        elif "*" in value and reason_for(effect, element, value) is None:
            yield f"{where}: {element} {value} is wider than it must be: name what is meant, or give a reason in REASONED"
    yield from _function_roles(stack)
    yield from _public_urls(stack)


def reasons_used(stack):
    """The entries of REASONED that a stack needs."""
    found = {reason_for(effect, element, value) for _, effect, element, value in _grants(stack) if "*" in value}
    return found - {None}


def reason_for(effect, element, value):
    for only_effect, elements, values, reason in REASONED:
        if effect == only_effect and re.fullmatch(elements, element) and re.fullmatch(values, value):
            return reason
    return None


def orphans(stack):
    """What a failed first deploy would leave behind, once for each try."""
    for name, resource in stack.resources.items():
        if resource.get("DeletionPolicy") == "Retain":
            yield f"{name}: DeletionPolicy is Retain, so each first deploy that fails leaves one behind: set RetainExceptOnCreate"


def buckets(stack):
    written = {
        stream["Properties"]["ExtendedS3DestinationConfiguration"]["BucketARN"]
        for part in stack.parts()
        for stream in part.of_type("AWS::KinesisFirehose::DeliveryStream").values()
    }
    for name, bucket in stack.of_type("AWS::S3::Bucket").items():
        properties = bucket["Properties"]
        if f"arn:aws:s3:::<{name}>" in written:
            yield from _lake(name, bucket)
        block = properties.get("PublicAccessBlockConfiguration", {})
        for switch in ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"):
            if block.get(switch) is not True:
                yield f"{name}: PublicAccessBlockConfiguration has no {switch}; set it to true"
        if "BucketEncryption" not in properties:
            yield f"{name}: has no BucketEncryption"
        if [{"ObjectOwnership": "BucketOwnerEnforced"}] != properties.get("OwnershipControls", {}).get("Rules"):
            yield f"{name}: ObjectOwnership is not BucketOwnerEnforced"
        if "CorsConfiguration" in properties:
            yield f"{name}: has a CorsConfiguration; no browser reads it"
        if not any(_demands_tls(policy["Properties"], name) for policy in stack.of_type("AWS::S3::BucketPolicy").values()):
            yield f"{name}: no policy denies requests without TLS"


# What keeps a resource that holds hits. Retain would also keep the empty one of a first deploy that failed.
KEEPS = {"DeletionPolicy": "RetainExceptOnCreate", "UpdateReplacePolicy": "Retain"}


def _lake(name, bucket):
    for policy, keeps in KEEPS.items():
        if bucket.get(policy) != keeps:
            yield f"{name}: {policy} is {bucket.get(policy)}; hits can't be asked for again, so set {keeps}"
    rules = bucket["Properties"].get("LifecycleConfiguration", {}).get("Rules", [])
    if not any("AbortIncompleteMultipartUpload" in rule for rule in rules):
        yield f"{name}: no lifecycle rule ends abandoned uploads, which are billed and not seen"
    results = [rule for rule in rules if rule.get("Prefix") == "athena-results/"]
    if not any("ExpirationInDays" in rule for rule in results):
        yield f"{name}: no lifecycle rule ends query results, which hold hits too"


def _demands_tls(policy, bucket):
    arn = f"arn:aws:s3:::<{bucket}>"
    return policy["Bucket"] == f"<{bucket}>" and any(
        statement["Effect"] == "Deny"
        and statement["Principal"] == "*"
        and statement["Action"] == "s3:*"
        and sorted(_list(statement["Resource"])) == [arn, f"{arn}/*"]
        and statement.get("Condition") == {"Bool": {"aws:SecureTransport": "false"}}
        for statement in policy["PolicyDocument"]["Statement"]
    )


def _grants(stack):
    """Each element of each grant: where, effect, element, value."""
    for name, resource in stack.resources.items():
        properties = resource["Properties"]
        documents = [properties.get("PolicyDocument"), properties.get("AssumeRolePolicyDocument")]
        documents += [policy["PolicyDocument"] for policy in properties.get("Policies", []) if isinstance(policy, dict)]
        for document in filter(None, documents):
            for statement in _list(document["Statement"]):
                yield from _elements(name, statement)
        for arn in properties.get("ManagedPolicyArns", []):
            yield name, "Allow", "ManagedPolicyArns", arn
        if resource["Type"] == "AWS::Lambda::Permission":
            is_url = properties.get("FunctionUrlAuthType") == "NONE" or properties.get("InvokedViaFunctionUrl") is True
            yield name, "Allow", "PublicUrl" if is_url else "Principal", properties["Principal"]
            if "SourceArn" in properties:
                yield name, "Allow", "SourceArn", properties["SourceArn"]
            elif properties["Principal"] != "*":
                yield name, "Allow", "NotSourceArn", f"{properties['Principal']} of any account"


def _elements(name, statement):
    for element in ("Action", "NotAction", "Resource", "NotResource", "Principal", "NotPrincipal"):
        values = statement.get(element, [])
        if isinstance(values, dict):
            values = [value for group in values.values() for value in _list(group)]
        for value in _list(values):
            yield name, statement["Effect"], element, value


def _function_roles(stack):
    for function in stack.of_type("AWS::Lambda::Function").values():
        properties = function["Properties"]
        variables = properties.get("Environment", {}).get("Variables", {})
        allowed = set()
        if "BEACON_STREAM" in variables:
            allowed |= _puts_hits(variables["BEACON_STREAM"])
        if variables.get("BEACON_SALT_TABLE"):
            allowed |= _keeps_salts(variables["BEACON_SALT_TABLE"])
        if "BEACON_WORKGROUP" in variables:
            allowed |= _asks_athena(stack, variables)
        if not allowed:
            continue
        group = properties.get("LoggingConfig", {}).get("LogGroup")
        for action in ("logs:CreateLogStream", "logs:PutLogEvents"):
            allowed.add((action, f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{group}:*"))
        role = logical_id(properties["Role"])
        granted = {
            (action, resource)
            for policy in stack.properties(role).get("Policies", [])
            for statement in policy["PolicyDocument"]["Statement"]
            for action in _list(statement["Action"])
            for resource in _list(statement["Resource"])
        }
        for action, resource in sorted(granted - allowed):
            yield f"{role}: {action} on {resource} is not the function's business"
        for action, resource in sorted(allowed - granted):
            yield f"{role}: {action} on {resource} is missing"
        for policy in stack.properties(role).get("Policies", []):
            for statement in policy["PolicyDocument"]["Statement"]:
                if "s3:ListBucket" in _list(statement["Action"]) and not _lists_folders(statement):
                    yield f"{role}: s3:ListBucket is not kept to the folders that are read"


def _puts_hits(stream):
    resource = f"arn:aws:firehose:{REGION}:{ACCOUNT}:deliverystream/{stream}"
    return {(action, resource) for action in ("firehose:PutRecord", "firehose:PutRecordBatch")}


def _keeps_salts(table):
    """It finds the day's salt or makes it. It can't list the table, and it deletes nothing."""
    resource = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{table}"
    return {(action, resource) for action in ("dynamodb:GetItem", "dynamodb:UpdateItem")}


def _asks_athena(stack, variables):
    """The one work group, the one table, the hits to read, the results and the document to write."""
    glue = f"arn:aws:glue:{REGION}:{ACCOUNT}"
    database, table = variables["BEACON_DATABASE"], variables["BEACON_TABLE"]
    bucket = f"arn:aws:s3:::{stack.parameters['Bucket']}"
    rights = {
        f"arn:aws:athena:{REGION}:{ACCOUNT}:workgroup/{variables['BEACON_WORKGROUP']}": [
            f"athena:{action}" for action in ("StartQueryExecution", "GetQueryExecution", "GetQueryResults", "StopQueryExecution")
        ],
        f"{glue}:database/default": ["glue:GetDatabase"],
        bucket: ["s3:GetBucketLocation", "s3:ListBucket"],
        f"{bucket}/hits/*": ["s3:GetObject"],
        f"{bucket}/athena-results/*": [
            f"s3:{action}" for action in ("GetObject", "PutObject", "AbortMultipartUpload", "ListMultipartUploadParts")
        ],
        # Its keys and share links: the one object.
        f"arn:aws:s3:::{variables['BEACON_DASHBOARD_DOCUMENT'].removeprefix('s3://')}": ["s3:GetObject", "s3:PutObject"],
    }
    for resource in (f"{glue}:catalog", f"{glue}:database/{database}", f"{glue}:table/{database}/{table}"):
        rights[resource] = [
            f"glue:{action}" for action in ("GetDatabase", "GetTable", "GetPartition", "GetPartitions", "BatchGetPartition")
        ]
    return {(action, resource) for resource, actions in rights.items() for action in actions}


def _lists_folders(statement):
    return statement.get("Condition") == {"StringLike": {"s3:prefix": ["hits/*", "athena-results/*"]}}


def _public_urls(stack):
    for name, url in stack.of_type("AWS::Lambda::Url").items():
        function = url["Properties"]["TargetFunctionArn"]
        granted = {
            (permission["Properties"]["Action"], permission["Properties"].get("InvokedViaFunctionUrl", False))
            for permission in stack.of_type("AWS::Lambda::Permission").values()
            if permission["Properties"]["FunctionName"] == function and permission["Properties"]["Principal"] == "*"
        }
        for action, by_url in (("lambda:InvokeFunctionUrl", False), ("lambda:InvokeFunction", True)):
            if (action, by_url) not in granted:
                yield f"{name}: nobody is granted {action}, so it answers 403"


def _list(value):
    return value if isinstance(value, list) else [value]
