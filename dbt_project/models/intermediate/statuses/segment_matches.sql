-- Every row is tested against every condition of its party and object; an alternative
-- is met where as many conditions are met as it has.
with
    conditions as (
        select
            party,
            source,
            object,
            status,
            alternative,
            condition,
            field,
            operator,
            list_transform(value, lambda text:{{ compared("text") }}) as wanted,
            try_cast(value[1] as double) as limit_value
        from {{ source("config", "segment_conditions") }}
    ),

    tested as (
        select
            candidates.record_id,
            candidates.row_id,
            candidates.named_fields,
            conditions.*,
            candidates.named_fields[conditions.field] as value
        from {{ ref("segment_rows") }} as candidates
        inner join conditions using (party, source, object)
    ),

    met as (select *, {{ time_edge("source") }} as edge from tested where {{ condition_is_met("source") }}),

    -- within: holds through the edge; not within: holds from the day after it
    grouped as (
        select
            record_id,
            row_id,
            party,
            source,
            status,
            alternative,
            count(*) as conditions,
            any_value(named_fields) as named_fields,
            min(edge) filter (starts_with(operator, 'within')) as until,
            max(edge) filter (starts_with(operator, 'not_within')) + 1 as held_from,
            string_agg(field || '=' || coalesce(value, ''), '; ' order by condition) as evidence
        from met
        group by record_id, row_id, party, source, status, alternative
    ),

    dated as (
        select
            grouped.*,
            alternatives.reason,
            {{ day_in("grouped.named_fields[alternatives.since_field]", "grouped.source") }} as stated_since
        from grouped
        inner join
            {{ ref("segment_alternatives") }} as alternatives using (party, source, status, alternative, conditions)
    )

select
    record_id,
    party,
    status,
    reason,
    coalesce(stated_since, held_from) as since,
    until,
    evidence || ' (' || row_id || ')' as evidence
from dated
where held_from is null or held_from <= least(until, {{ as_of_date() }})
