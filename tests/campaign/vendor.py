"""The vendor of a sequence: what its people do in the CRMs, and what the marts want of the records that are still there.

Belongs here: acts of people, by a random number generator. Does not: faults and runs (``days``), what must hold (``books``).
"""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

from connectors.sandbox.hubspot.portal import store_key
from pipelines.writeback.catalogue import ACCOUNT_FIELDS, CHILD_FIELDS, REGISTRATION_FIELDS
from tests.people import merge_records, undelete
from tests.pipelines.writeback.everything import LIST, SWITCHES, Everything

TEXTS = (
    "株式会社ミライ",
    'He said "no", twice',
    "一行目\n二行目\n",
    "nul\x00here",
    "絵文字👩‍👩‍👧‍👦🏯",
    "か\u3099 combining",
    "line\u2028separator",
    "#N/A",
    "=HYPERLINK(1)",
    "null",
    "\u3000全角の空白\u3000",
    "x" * 200,
    "tab\there",
    "a,b;c",
)
_SHORTEST = 80
"""Characters that every name may have."""
_OBJECTS = {"sales": ("Account", "Opportunity", "Contact"), "marketing": ("companies", "deals", "contacts")}
_NAMES = {
    "Account": ("Name", "Phone", "BillingStreet"),
    "Opportunity": ("Name",),
    "Contact": ("LastName", "Title"),
    "companies": ("name", "address"),
    "deals": ("dealname",),
    "contacts": ("lastname", "jobtitle"),
}
_WANTED = {
    ("sales", "Account"): ("crm_account_state", "native_id", {f.column: f.native("salesforce") for f in ACCOUNT_FIELDS}),
    ("marketing", "companies"): ("crm_account_state", "native_id", {f.column: f.native("hubspot") for f in ACCOUNT_FIELDS}),
    ("sales", "Opportunity"): (
        "crm_registration_state",
        "native_id",
        {f.column: f.native("salesforce") for f in REGISTRATION_FIELDS},
    ),
    ("marketing", "deals"): ("crm_registration_state", "native_id", {f.column: f.native("hubspot") for f in REGISTRATION_FIELDS}),
    ("sales", "Totsugo_Account_Map__c"): ("crm_account_map", "external_id", {f.column: f.child() for f in CHILD_FIELDS}),
}
_ACCOUNTS, _DEALS = (("sales", "Account"), ("marketing", "companies")), (("sales", "Opportunity"), ("marketing", "deals"))
_MADE_OF = (
    ("crm_account_state", "native_id", _ACCOUNTS),
    ("crm_account_map", "account_native_id", _ACCOUNTS),
    ("crm_lists", "native_id", _ACCOUNTS),
    ("crm_registration_state", "native_id", _DEALS),
    ("crm_tasks", "account_native_id", _ACCOUNTS),
)
"""(mart, its column, the records that this column names)."""

NOTHING = "not wanted"
"""In the place of a value while the marts do not name the record."""
Wants = dict[tuple[str, str, str, str], list[Any]]
"""(connection, object, record or its key, native field) -> the values that the marts wanted of it, one after the other."""


class Vendor:
    """What a sequence touches. ``diary`` says what happened, for whoever looks into a sequence that went wrong."""

    def __init__(self, world: Everything) -> None:
        self.world, self.desk = world, world.desk
        self.desk.pulled = ("Account", "Opportunity", "Contact", "companies", "deals", "contacts")
        self.gone: dict[str, set[str]] = defaultdict(set)
        self.wants: Wants = defaultdict(list)
        self.since: dict[tuple[str, str, str, str], list[int]] = defaultdict(list)
        """For each value of ``wants`` the number of the CRM's last change before it was wanted."""
        self.diary: list[str] = []
        self.note_wants()

    def told(self, what: str) -> None:
        self.diary.append(what)
        print(what)

    def want_more(self, switches: list[str] | None = None) -> None:
        """The marts want something else, of what is still there."""
        self.told(f"the marts want more: {', '.join(switches or SWITCHES)}")
        mark = dict(self.world.mark)
        self.world.want_more(*(switches or SWITCHES))
        self.world.mark = mark
        self.note_wants()

    def note_wants(self) -> None:
        """What is gone is wanted no more, as the marts, made of what was pulled, would have it."""
        for mart, column, objects in _MADE_OF:
            for connection, object in objects:
                gone = sorted(self.gone[object])
                where = f"connection = ? AND list_contains(?, {column})"
                self.desk.con.execute(f"DELETE FROM marts.{mart} WHERE {where}", [connection, gone])
        for (connection, object), (mart, key, natives) in _WANTED.items():
            query = f"SELECT {key}, {', '.join(natives)} FROM marts.{mart} WHERE connection = ? ORDER BY ALL"
            wanted = {id: values for id, *values in self.desk.con.execute(query, [connection]).fetchall()}
            last = max((change["seq"] for change in self.desk.orgs[connection].changes()), default=0)
            known = {place[2] for place in self.wants if place[:2] == (connection, object)}
            for id in sorted(known | wanted.keys()):
                for native, value in zip(natives.values(), wanted.get(id, [NOTHING] * len(natives)), strict=True):
                    history = self.wants[connection, object, id, native]
                    if not history or history[-1] != value:
                        history.append(value)
                        self.since[connection, object, id, native].append(last)

    def live(self, connection: str, object: str) -> list[str]:
        """Ids of records that are there, as the CRM itself has them."""
        rows = self.desk.orgs[connection].store.select(object, "deleted = 0")
        return [str(doc.get("Id") or doc["id"]) for _, doc, _, _ in rows]

    def a_person_works(self, rng: random.Random) -> None:
        connection = rng.choice(("sales", "marketing"))
        object = rng.choice((*_OBJECTS[connection], _OBJECTS[connection][0]))
        acts = [self._edits, self._edits, self._sets_ours, self._creates, self._deletes, self._merges, self._restores]
        acts += [self._comes_late]
        acts += [self._member] if connection == "marketing" else []
        rng.choice(acts)(rng, connection, object)
        self.note_wants()

    def _edits(self, rng: random.Random, connection: str, object: str) -> None:
        self._set(rng, connection, object, {rng.choice(_NAMES[object]): rng.choice(TEXTS)})

    def _sets_ours(self, rng: random.Random, connection: str, object: str) -> None:
        """A person sets a field of ours, or clears it."""
        ours: dict[str, dict[str, tuple[Any, ...]]] = {
            "Account": {"Totsugo_Next_Play__c": ("社長に会う", None, "訪問する"), "Totsugo_No_Approach__c": (True, False)},
            "companies": {"totsugo_next_play": ("社長に会う", "", "訪問する"), "totsugo_no_approach": ("true", "false")},
            "Opportunity": {"Totsugo_Registration_Reason__c": ("確認中", None)},
            "deals": {"totsugo_registration_reason": ("確認中", "")},
        }
        if object in ours:
            field = rng.choice(sorted(ours[object]))
            self._set(rng, connection, object, {field: rng.choice(ours[object][field])})

    def _set(self, rng: random.Random, connection: str, object: str, values: dict[str, Any]) -> None:
        live = self.live(connection, object)
        if live:
            id = rng.choice(live)
            (result,) = self.desk.people[connection].write(object, [{"Id" if connection == "sales" else "id": id, **values}])
            self.told(f"  a person sets {object} {id} {values!r}{'' if result.ok else f': {result.code} {result.message}'}")

    def _creates(self, rng: random.Random, connection: str, object: str) -> None:
        name = rng.choice(TEXTS)[:_SHORTEST]
        session: Any = self.desk.people[connection]._session  # type: ignore[attr-defined]
        values = {_NAMES[object][0]: name}
        if object == "Opportunity":
            values |= {"StageName": "Prospecting", "CloseDate": "2027-03-31"}
        if connection == "sales":
            made = session.call("POST", f"sobjects/{object}", body=values)
        else:
            made = session.call("POST", f"/crm/v3/objects/{object}", body={"properties": values})
        self.told(f"  a person creates {object} {made['id']} {name!r}")

    def _comes_late(self, rng: random.Random, connection: str, object: str) -> None:
        """A record that somebody saved a while ago, in a long transaction, can be seen from now on, with the stamp of then."""
        store = self.desk.orgs[connection].store
        object = "Account" if connection == "sales" else object
        newest = max((datetime.fromisoformat(at) for _, _, at, _ in store.select(object)), default=None)
        if newest is None:
            return
        at = (newest - timedelta(seconds=rng.randint(1, 100))).isoformat(timespec="milliseconds")
        number = 700_000 + len(list(store.select(object)))
        if connection == "sales":
            id, at = f"0015g0000{number}AAA", at.replace("+00:00", "+0000")
            doc = {"Id": id, "Name": "後から見える", "SystemModstamp": at, "LastModifiedDate": at, "CreatedDate": at}
            store.put(object, id, doc, at)
        else:
            id, at = str(number), at.replace("+00:00", "Z")
            values = {"hs_object_id": id, "hs_lastmodifieddate": at, "lastmodifieddate": at}
            record = {"id": id, "properties": values, "createdAt": at, "updatedAt": at, "archived": False}
            store.put(object, store_key(id), record, at)
        self.told(f"  {object} {id} of {at} can be seen from now on")

    def _deletes(self, rng: random.Random, connection: str, object: str) -> None:
        live = self.live(connection, object)
        if len(live) > 4:
            id = rng.choice(live)
            (result,) = self.desk.people[connection].delete(object, [id])
            self.told(f"  a person deletes {object} {id}: {result.ok}")
            self._look_what_is_left()

    def _merges(self, rng: random.Random, connection: str, object: str) -> None:
        live = self.live(connection, object)
        if len(live) < 6 or object == "Opportunity":
            return
        first, second = rng.sample(live, 2)
        if connection == "sales":
            merge_records(self.desk.orgs[connection], object, first, [second])
            made = first
        else:
            session: Any = self.desk.people[connection]._session  # type: ignore[attr-defined]
            body = {"primaryObjectId": first, "objectIdToMerge": second}
            made = session.call("POST", f"/crm/v3/objects/{object}/merge", body=body)["id"]
        self.told(f"  a person merges {object} {first} and {second} into {made}")
        self._look_what_is_left()

    def _restores(self, rng: random.Random, connection: str, object: str) -> None:
        if connection != "sales":  # HubSpot's API restores nothing
            return
        store = self.desk.orgs[connection].store
        binned = [doc["Id"] for _, doc, _, _ in store.select(object, "deleted = 1") if not doc.get("MasterRecordId")]
        if binned:
            id = rng.choice(binned)
            undelete(self.desk.orgs[connection], id)
            self.told(f"  a person restores {object} {id}")
            self._look_what_is_left()

    def _member(self, rng: random.Random, connection: str, object: str) -> None:
        id = rng.choice(self.world.companies)
        people = self.desk.people[connection]
        on = id in people.members(LIST)
        list(people.set_members(LIST, "companies", [] if on else [id], [id] if on else []))
        self.told(f"  a person takes {id} {'off' if on else 'onto'} the list")

    def _look_what_is_left(self) -> None:
        world = self.world
        for object, connection, ours in (
            ("Account", "sales", world.accounts),
            ("Opportunity", "sales", world.opportunities),
            ("companies", "marketing", world.companies),
            ("deals", "marketing", world.deals),
        ):
            self.gone[object] = set(ours) - set(self.live(connection, object))
