"""Tables as `infra/catalog.yaml` makes them, and what a crawler adds to them."""

import re

import questions
from engines import literal
from template import Stack

HOUR_FOLDER = re.compile(r"year=(\d+)/month=(\d+)/day=(\d+)/hour=(\d+)/$")


class Table:
    """A stack's table over a lake."""

    def __init__(self, trino, glue, athena, template, lake, **parameters):
        self.trino, self.glue, self.lake = trino, glue, lake
        self.stack = Stack(template, Bucket=lake.name, **parameters)
        self.stack.create(glue, athena)
        self.database = self.stack.outputs["DatabaseName"]
        self.name = self.stack.outputs["TableName"]
        self.prefix = self.stack.parameters["TablePrefix"]
        self.is_projected = self.stack.parameters["Partitions"] == "projection"

    def ask(self, sql, parameters=()):
        return self.trino.ask(sql, parameters, self.database)

    def text_of(self, question):
        """The file of a question as it is; where the table has another name, the stack's own text of it."""
        return questions.sql(question) if self.name == "hits" else self.named_query(question)

    def both(self, sql, parameters=()):
        """The answer of both engines to SQL about `hits` or a view, which Trino is asked by the stack's names."""
        answer = self.ask(self.with_names(sql), parameters)
        assert answer == self.lake.beacon.ask(sql, parameters)
        return answer

    def with_names(self, sql):
        return re.sub(r"\b(FROM|JOIN) (hits|unique_hits|visits)\b", lambda match: f"{match[1]} {self.prefix}{match[2]}", sql)

    def named_query(self, name):
        query, = [one for one in self.stack.of_type("AWS::Athena::NamedQuery") if one["Name"] == name]
        return query["QueryString"]

    def execute(self, name, parameters, before=""):
        """The stack's prepared statement, run as Athena does: by its name, from no database of its own."""
        statement, = [one for one in self.stack.of_type("AWS::Athena::PreparedStatement")
                      if one["StatementName"] == name]
        connection = self.trino.connect()
        self.trino.run(f"PREPARE {name} FROM {statement['QueryStatement']}", connection)
        return self.trino.run(f"{before}EXECUTE {name} USING {', '.join(map(literal, parameters))}", connection)

    def crawl(self):
        """Registers what a crawler of a catalog table does: each folder with files, its values as the path has them,
        columns and formats of the table (InheritFromTable)."""
        crawler, = self.stack.of_type("AWS::Glue::Crawler")
        target, = crawler["Targets"]["CatalogTargets"]
        assert target == {"DatabaseName": self.database, "Tables": [self.name]}
        storage = self.storage()
        partitions = [{
            "Values": list(HOUR_FOLDER.search(folder).groups()),
            "StorageDescriptor": storage | {"Location": f"s3://{self.lake.name}/{folder}"},
        } for folder in self.lake.folders()]
        if partitions:
            answer = self.glue.batch_create_partition(DatabaseName=self.database, TableName=self.name,
                                                      PartitionInputList=partitions)
            assert not answer.get("Errors"), answer
        return len(partitions)

    def storage(self):
        return self.glue.get_table(DatabaseName=self.database, Name=self.name)["Table"]["StorageDescriptor"]
