"""Queries that are asked all the time: the ORM puts them into SQL once, and from then on they are only asked.

    @prepared
    def _newest(limit: int) -> QuerySet[Message]:
        return Message.objects.filter(conversation_id=Given("conversation_id")).order_by("-seq")[:limit]

    _newest(50).rows(conversation_id=7)

What decides about the text of the SQL is an argument of the function; what changes from one asking to the
next is `Given`. For a query of a few rows the ORM's work was four times the database's (docs/performance.md).
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import lru_cache
from typing import Any, Generic, ParamSpec, TypeVar

import orjson
from django.db import connections, models
from django.db.models.expressions import Expression
from django.db.models.query import ModelIterable, get_related_populators
from psycopg import Cursor
from psycopg.types.datetime import TimestamptzLoader

AnyModel = TypeVar("AnyModel", bound=models.Model)
Shape = ParamSpec("Shape")
Row = tuple[Any, ...]

# Texts of SQL that are kept, of each query: one for each page size and the like.
MAX_SHAPES = 512


def prepared(
    build: Callable[Shape, models.QuerySet[AnyModel, Any]],
) -> Callable[Shape, PreparedQuery[AnyModel]]:
    @lru_cache(MAX_SHAPES)
    def of_shape(*shape: Any) -> PreparedQuery[AnyModel]:
        return PreparedQuery(build(*shape))  # type: ignore[call-arg]

    return of_shape  # type: ignore[return-value]


class Given(Expression):
    """A value that is told when the query is asked. A moment needs its field: SQLite keeps it as text."""

    def __init__(self, name: str, field: models.Field[Any, Any] | None = None) -> None:
        super().__init__(output_field=field or models.BigIntegerField())
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        return "%s", (self,)

    def value_of(self, values: dict[str, Any], connection: Any) -> Any:
        return self.output_field.get_db_prep_value(values[self.name], connection)


class GivenIds(Given):
    """Any number of ids, in one parameter: `id__among=GivenIds("ids")`."""

    def value_of(self, values: dict[str, Any], connection: Any) -> Any:
        ids: Collection[int] = values[self.name]
        return list(ids) if connection.vendor == "postgresql" else orjson.dumps([*ids]).decode()


class Among(models.Lookup[Any]):
    lookup_name = "among"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, left_values = self.process_lhs(compiler, connection)
        right, right_values = self.process_rhs(compiler, connection)
        is_postgresql = connection.vendor == "postgresql"
        members = f"ANY({right})" if is_postgresql else f"(SELECT value FROM json_each({right}))"
        operator = "=" if is_postgresql else "IN"
        return f"{left} {operator} {members}", (*left_values, *right_values)


models.Field.register_lookup(Among)
models.ForeignKey.register_lookup(Among)


class PreparedQuery(Generic[AnyModel]):
    def __init__(self, queryset: models.QuerySet[AnyModel, Any]) -> None:
        self.database = queryset.db
        compiler = queryset.query.get_compiler(using=self.database)
        self.sql, self.parameters = compiler.as_sql()
        columns = [column for column, *_ in compiler.select]
        self.converters = list(compiler.get_converters(columns).items())
        if queryset._iterable_class is ModelIterable:
            self._prepare_instances(compiler)

    def rows(self, **values: Any) -> list[Row]:
        """Plain values, in the order of `values_list`."""
        connection = connections[self.database]
        parameters = [
            each.value_of(values, connection) if isinstance(each, Given) else each
            for each in self.parameters
        ]
        rows = self._ask(connection, parameters)
        return [self._converted(row, connection) for row in rows] if self.converters else rows

    def instances(self, **values: Any) -> list[AnyModel]:
        """With what `select_related` and `annotate` asked for."""
        return [self._instance(row) for row in self.rows(**values)]

    def first(self, **values: Any) -> AnyModel | None:
        return next(iter(self.instances(**values)), None)

    def _ask(self, connection: Any, parameters: list[Any]) -> list[Row]:
        is_watched = connection.queries_logged or connection.execute_wrappers
        if connection.vendor == "postgresql" and not is_watched:
            return ask_postgresql(connection, self.sql, parameters)
        with connection.cursor() as cursor:
            cursor.execute(self.sql, parameters)
            rows: list[Row] = cursor.fetchall()
            return rows

    def _converted(self, row: Row, connection: Any) -> Row:
        wanting = [each for each in self.converters if row[each[0]] is not None]
        if not wanting:
            return row
        converted = list(row)
        for place, (converters, expression) in wanting:
            for convert in converters:
                converted[place] = convert(converted[place], expression, connection)
        return tuple(converted)

    def _prepare_instances(self, compiler: Any) -> None:
        info = compiler.klass_info
        places = info["select_fields"]
        self.model = info["model"]
        self.fields = slice(places[0], places[-1] + 1)
        self.names = [column.target.attname for column, *_ in compiler.select[self.fields]]
        populators: Any = get_related_populators
        self.populators = populators(info, compiler.select, self.database)
        self.annotations = list(compiler.annotation_col_map.items())

    def _instance(self, row: Row) -> AnyModel:
        instance: AnyModel = self.model.from_db(self.database, self.names, row[self.fields])
        for populator in self.populators:
            populator.populate(row, instance)
        for name, place in self.annotations:
            setattr(instance, name, row[place])
        return instance


def ask_postgresql(connection: Any, sql: str, parameters: list[Any]) -> list[Row]:
    """By a statement that the server keeps planned, and with moments parsed by psycopg's C, not by Django."""
    connection.ensure_connection()
    connection.validate_no_broken_transaction()
    with connection.wrap_database_errors, Cursor(connection.connection) as cursor:
        cursor.adapters.register_loader("timestamptz", TimestamptzLoader)
        return cursor.execute(sql, parameters, prepare=True).fetchall()
