with
    placed as (
        select
            record_id,
            company_id,
            probability,
            rule,
            -- what was not compared, and what is so of any two, tells a reader nothing
            list_transform(
                list_filter(
                    evidence, lambda e:e.feature not in ('base', 'rivals') and not starts_with(e.outcome, 'missing')
                ),
                lambda e:e.feature || '.' || e.outcome
            ) as evidence
        from {{ source("match", "links") }}
        where verdict in ('auto', 'confirmed')
    ),

    words as (
        select map(list(key), list(text)) as told from {{ ref("run_texts") }} where starts_with(key, 'evidence.')
    ),

    -- worded once for each kind of evidence, not for each record
    worded as (
        select
            kinds.evidence,
            array_to_string(
                list_transform(kinds.evidence, lambda e:coalesce(words.told['evidence.' || e], e)), '; '
            ) as text
        from (select distinct evidence from placed) as kinds
        cross join words
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
    worded.text as evidence
from {{ ref("records") }} as records
inner join placed using (record_id)
inner join worded using (evidence)
inner join {{ source("config", "parties") }} as parties using (party)
left join statuses using (record_id)
where parties.stage <> 'ended'
