with
    placed as (
        select record_id, company_id, probability, rule, evidence
        from {{ source("match", "links") }}
        where verdict in ('auto', 'confirmed')
    ),

    statuses as (
        select
            record_id,
            first(status order by {{ status_precedence("status") }}, reason) as status,
            first(reason order by {{ status_precedence("status") }}, reason) as status_reason
        from {{ ref("record_statuses") }}
        group by record_id
    )

select
    records.record_id,
    records.party,
    placed.company_id,
    statuses.status,
    statuses.status_reason,
    records.source,
    records.connection,
    records.object,
    records.native_id,
    records.name,
    records.name_key,
    records.owner_name,
    records.industry,
    records.employees,
    placed.rule as match_rule,
    placed.probability as match_probability,
    array_to_string(list_transform(placed.evidence, lambda e:e.feature || ': ' || e.outcome), '; ') as evidence
from {{ ref("records") }} as records
inner join placed using (record_id)
inner join {{ source("config", "parties") }} as parties using (party)
left join statuses using (record_id)
where parties.stage <> 'ended'
