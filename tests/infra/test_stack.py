"""The evaluator itself, on templates of a few lines."""

import pytest
from stack import TemplateError, load, resolve

TEMPLATE = """
Parameters:
  Kind: {Type: String, Default: plain, AllowedValues: [plain, fancy]}
  Days: {Type: Number, Default: 0}
  Names: {Type: CommaDelimitedList, Default: "a,b"}
Conditions:
  Fancy: !Equals [!Ref Kind, fancy]
  Plain: !Not [!Condition Fancy]
  Both: !And [!Condition Fancy, !Condition Plain]
  Either: !Or [!Condition Fancy, !Condition Plain]
  Keeps: !Not [!Equals [!Ref Days, "0"]]
Mappings:
  Sizes: {plain: {Mib: 1}, fancy: {Mib: 2}}
Resources:
  Topic: {Type: "AWS::SNS::Topic", Condition: Fancy}
  Bucket: {Type: "AWS::S3::Bucket"}
  Seen:
    Type: AWS::SSM::Parameter
    Properties:
"""


def value(text, **parameters):
    """What a value becomes in a property."""
    return _resolve(f"{TEMPLATE}      Value: {text}\n", parameters).properties("Seen").get("Value", "not there")


def _resolve(text, parameters):
    return resolve({"template.yaml": load(text)}, parameters=parameters)


@pytest.mark.parametrize(
    ("text", "parameters", "expected"),
    [
        ("!Ref Kind", {}, "plain"),
        ("!Ref Names", {}, ["a", "b"]),
        ("!Ref Bucket", {}, "<Bucket>"),
        ("!GetAtt Bucket.Arn", {}, "arn:aws:s3:::<Bucket>"),
        ("!GetAtt Bucket.DomainName", {}, "<Bucket.DomainName>"),
        ("!If [Fancy, 1, 2]", {}, 2),
        ("!If [Fancy, 1, 2]", {"Kind": "fancy"}, 1),
        ("!If [Both, 1, 2]", {"Kind": "fancy"}, 2),
        ("!If [Either, 1, 2]", {}, 1),
        ("!If [Keeps, 1, 2]", {"Days": 0}, 2),
        ("!If [Keeps, 1, 2]", {"Days": 7}, 1),
        ("!If [Fancy, 1, !Ref AWS::NoValue]", {}, "not there"),
        ("[1, !If [Fancy, 2, !Ref AWS::NoValue], 3]", {}, [1, 3]),
        ("!If [Fancy, !Ref Topic, none]", {}, "none"),
        ('!Sub "${Kind}-${Bucket.Arn}-${!year}-!{timestamp:yyyy}"', {}, "plain-arn:aws:s3:::<Bucket>-${year}-!{timestamp:yyyy}"),
        ('!Sub ["${A}/${Kind}", {A: !Ref Bucket}]', {}, "<Bucket>/plain"),
        ("!Select [1, !Split [/, a/b/c]]", {}, "b"),
        ("!Join [/, [a, !Ref Kind]]", {}, "a/plain"),
        ("!FindInMap [Sizes, !Ref Kind, Mib]", {"Kind": "fancy"}, 2),
        ("!Base64 plain", {}, "cGxhaW4="),
    ],
)
def test_a_value_becomes(text, parameters, expected):
    assert value(text, **parameters) == expected


@pytest.mark.parametrize(
    ("text", "parameters", "message"),
    [
        ("!Ref Topic", {}, "Topic is referred to, and not there with these parameters"),
        ("!GetAtt Topic.TopicArn", {}, "Topic is referred to, and not there with these parameters"),
        ("!Ref Nothing", {}, "Nothing is referred to, and neither parameter nor resource"),
        ("!If [Nothing, 1, 2]", {}, "there is no condition Nothing"),
        ("!GetAZs x", {}, "Fn::GetAZs is not known here"),
        ("1", {"Kind": "else"}, "Kind is 'else': allowed are plain, fancy"),
        ("1", {"Other": 1}, "there is no parameter Other"),
    ],
)
def test_cloudformation_would_refuse(text, parameters, message):
    with pytest.raises(TemplateError) as error:
        value(text, **parameters)
    assert str(error.value) == message


def test_a_resource_is_there_by_its_condition():
    text = f"{TEMPLATE}      Value: 1\n"
    assert "Topic" not in _resolve(text, {}).resources
    assert "Topic" in _resolve(text, {"Kind": "fancy"}).resources


def test_a_nested_stack_gets_parameters_and_gives_outputs():
    outer = """
Resources:
  Bucket: {Type: "AWS::S3::Bucket"}
  Inner:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: inner.yaml, Parameters: {Place: !Ref Bucket}}
Outputs:
  Seen: {Value: !GetAtt Inner.Outputs.Path}
"""
    inner = """
Parameters:
  Place: {Type: String, AllowedPattern: "[a-z]+"}
Resources:
  Topic: {Type: "AWS::SNS::Topic"}
Outputs:
  Path: {Value: !Sub "s3://${Place}/${Topic}"}
"""
    stack = resolve({"template.yaml": load(outer), "inner.yaml": load(inner)})
    assert stack.outputs == {"Seen": "s3://<Bucket>/<Inner/Topic>"}
    assert list(stack.nested["Inner"].resources) == ["Topic"]
