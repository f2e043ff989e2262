// What jsforce, which knows nothing of Totsugo, sees of a sandbox org: one JSON object on standard output, a key a step.
// Arguments come as JSON in VISIT: url, username, password, token, clientId, clientSecret.

const jsforce = require("jsforce");

const given = JSON.parse(process.env.VISIT);
const seen = {};

async function failure(promise) {
  try {
    await promise;
  } catch (wrong) {
    return { name: wrong.name, code: wrong.errorCode, message: wrong.message, fields: wrong.data?.[0]?.fields ?? wrong.data?.fields };
  }
  return null;
}

async function logIn() {
  const bySoap = new jsforce.Connection({ loginUrl: given.url, version: "59.0" });
  const user = await bySoap.login(given.username, given.password + given.token);
  seen.soapUser = { ids: [user.id.slice(0, 3), user.organizationId.slice(0, 3)], instance: bySoap.instanceUrl };
  seen.soapIdentity = (await bySoap.identity()).username;
  seen.wrongPassword = await failure(
    new jsforce.Connection({ loginUrl: given.url, version: "59.0" }).login(given.username, "wrong"),
  );

  const oauth2 = { loginUrl: given.url, clientId: given.clientId, clientSecret: given.clientSecret };
  const byOauth = new jsforce.Connection({ oauth2, version: "59.0" });
  await byOauth.login(given.username, given.password + given.token);
  seen.oauthIdentity = (await byOauth.identity()).username;

  const byClient = new jsforce.Connection({ instanceUrl: given.url, oauth2, version: "59.0" });
  await byClient.authorize({ grant_type: "client_credentials" });
  seen.clientUser = Boolean(byClient.accessToken);
  seen.versions = (await byOauth.request("/services/data")).length;
  const left = await byOauth.limits();
  seen.limits = left.DailyApiRequests.Max - left.DailyApiRequests.Remaining > 0;
  seen.apiUsage = byOauth.limitInfo.apiUsage?.used > 0;
  await failure(bySoap.logout());
  return byOauth;
}

async function describe(conn) {
  const account = await conn.sobject("Account").describe();
  seen.describe = account.fields.filter((each) => ["Id", "Name", "NumberOfEmployees"].includes(each.name)).map((each) => each.type);
  const all = await conn.describeGlobal();
  seen.describeGlobal = ["Account", "Contact", "Opportunity"].every((name) => all.sobjects.some((each) => each.name === name));
  seen.noSuchType = await failure(conn.sobject("Nope").describe());
}

async function oneRecord(conn) {
  const accounts = conn.sobject("Account");
  const made = await accounts.create({ Name: "株式会社青空", NumberOfEmployees: 12, Phone: "03" });
  seen.created = made.success;
  await accounts.update({ Id: made.id, Phone: null });
  const kept = await accounts.retrieve(made.id);
  seen.retrieved = [kept.Name, kept.NumberOfEmployees, kept.Phone, kept.attributes.type];
  const found = await accounts.find({ Name: { $like: "株式%" } }, ["Id", "Owner.Name"]).limit(5);
  seen.found = found.length;
  await accounts.destroy(made.id);
  seen.gone = await failure(accounts.retrieve(made.id));
  seen.missing = await failure(accounts.create({ Phone: "1" }));
  seen.unknownField = await failure(accounts.create({ Name: "x", Nope__c: 1 }));
  seen.malformed = await failure(conn.query("SELECT FROM Account"));
}

async function byExternalId(conn) {
  await conn.tooling.create("CustomField", {
    FullName: "Account.Key__c",
    Metadata: { label: "Key", type: "Text", length: 40, externalId: true, unique: true },
  });
  const set = await conn.sobject("PermissionSet").create({ Name: "Keys", Label: "Keys" });
  const grant = { ParentId: set.id, SobjectType: "Account", Field: "Account.Key__c", PermissionsRead: true, PermissionsEdit: true };
  await conn.sobject("FieldPermissions").create(grant);
  const me = await conn.identity();
  await conn.sobject("PermissionSetAssignment").create({ PermissionSetId: set.id, AssigneeId: me.user_id });
  const accounts = conn.sobject("Account");
  const first = await accounts.upsert({ Name: "甲", Key__c: "k/1 あ" }, "Key__c");
  const second = await accounts.upsert({ Name: "乙", Key__c: "k/1 あ" }, "Key__c");
  const many = await accounts.upsert([{ Name: "丙", Key__c: "k2" }, { Key__c: "k3" }], "Key__c");
  seen.upserted = [first.created, second.created, many.map((each) => each.success)];
  seen.upsertError = many[1].errors[0].statusCode ?? many[1].errors[0].errorCode;
  seen.renamed = (await accounts.findOne({ Key__c: "k/1 あ" }, ["Name"])).Name;
}

async function manyRecords(conn) {
  const accounts = conn.sobject("Account");
  const rows = [...Array(2500).keys()].map((number) => ({ Name: `社 ${number}, "引用"\n改行`, Phone: String(number) }));
  const loaded = await conn.bulk2.loadAndWaitForResults({
    object: "Account", operation: "insert", input: rows, pollInterval: 50, pollTimeout: 60000,
  });
  seen.bulkInserted = [loaded.successfulResults.length, loaded.failedResults.length, loaded.unprocessedRecords.length];

  const pages = await conn.query("SELECT Id, Name FROM Account WHERE Phone != NULL ORDER BY Name");
  seen.firstPage = [pages.totalSize, pages.records.length, pages.done];
  seen.secondPage = (await conn.queryMore(pages.nextRecordsUrl)).records.length;
  const fetched = await conn.query("SELECT Id FROM Account WHERE Phone != NULL", { autoFetch: true, maxFetch: 10000 });
  seen.autoFetched = new Set(fetched.records.map((each) => each.Id)).size;

  const stream = await conn.bulk2.query("SELECT Id, Name, Phone, CreatedDate FROM Account WHERE Phone != NULL", { pollInterval: 50 });
  const read = await stream.toArray();
  seen.bulkRead = [read.length, read.find((each) => each.Phone === "7").Name, Object.keys(read[0]).sort()];

  const changes = read.slice(0, 300).map(({ Id }) => ({ Id, Phone: "#N/A", Fax: "9" }));
  changes.push({ Id: "001000000000000AAA", Phone: "1", Fax: "9" });
  const changed = await conn.bulk2.loadAndWaitForResults({
    object: "Account", operation: "update", input: changes, pollInterval: 50, pollTimeout: 60000,
  });
  seen.bulkUpdated = [changed.successfulResults.length, changed.failedResults.length];
  seen.bulkError = changed.failedResults[0].sf__Error.split(":")[0];
  seen.cleared = (await conn.query("SELECT COUNT() FROM Account WHERE Phone = NULL AND Fax = '9'")).totalSize;
  const keyed = await conn.bulk2.loadAndWaitForResults({
    object: "Account", operation: "upsert", externalIdFieldName: "Key__c", pollInterval: 50, pollTimeout: 60000,
    input: [{ Key__c: "k2", Name: "丙二" }, { Key__c: "k9", Name: "新" }],
  });
  seen.bulkUpserted = keyed.successfulResults.map((each) => each.sf__Created).sort();

  const ids = read.slice(0, 3).map((each) => each.Id);
  const told = await accounts.update([{ Id: ids[0], Name: "一" }, { Id: ids[1], Name: "" }], { allOrNone: false });
  seen.collections = told.map((each) => [each.success, each.errors?.[0]?.statusCode ?? null]);
  seen.collectionRead = (await accounts.retrieve(ids)).map((each) => Boolean(each.Id));
  seen.removed = (await accounts.destroy(ids)).every((each) => each.success);
}

async function main() {
  const conn = await logIn();
  for (const step of [describe, oneRecord, byExternalId, manyRecords]) await step(conn);
}

main()
  .then(() => console.log(JSON.stringify(seen)))
  .catch((wrong) => {
    console.log(JSON.stringify(seen));
    console.error(wrong);
    process.exit(1);
  });
