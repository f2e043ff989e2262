-- Every row is tested against every condition of its party and object; an alternative
-- is met where as many conditions are met as it has. The field that tells since when
-- goes along as a condition that every row meets.
with
    conditions as (
        select party, source, object, status, alternative, condition, field, operator, value
        from {{ source("config", "segment_conditions") }}
        union all
        select party, source, object, status, alternative, 0 as condition, since_field, 'since' as operator, []
        from {{ source("config", "segments") }}
        where since_field is not null
    ),

    prepared as (
        select
            * exclude (value),
            {{ pointer_to("field") }} as pointer,
            list_transform(value, lambda text:{{ compared("text") }}) as wanted,
            try_cast(value[1] as double) as number,
            count(*) over (partition by party, source, status, alternative) as conditions
        from conditions
    ),

    tested as (
        select
            candidates.record_id,
            candidates.row_id,
            prepared.*,
            nullif(trim(json_extract_string(candidates.payload, prepared.pointer)), '') as value
        from {{ ref("segment_rows") }} as candidates
        inner join prepared using (party, source, object)
    ),

    met as (select *, {{ time_edge() }} as edge from tested where {{ condition_is_met() }}),

    -- within: holds through the edge; not within: holds from the day after it
    grouped as (
        select
            record_id,
            row_id,
            party,
            source,
            status,
            alternative,
            max(edge) filter (operator = 'since') as stated_since,
            min(edge) filter (starts_with(operator, 'within')) as until,
            max(edge) filter (starts_with(operator, 'not_within')) + 1 as held_from,
            -- sorted as a list: an ordered string_agg takes four times as long
            list({'condition':condition, 'told':field || '=' || coalesce(value, '')}) filter (
                operator != 'since'
            ) as met
        from met
        group by record_id, row_id, party, source, status, alternative
        having count(*) = any_value(conditions)
    )

select
    grouped.record_id,
    grouped.party,
    grouped.status,
    alternatives.reason,
    coalesce(grouped.stated_since, grouped.held_from) as since,
    grouped.until,
    array_to_string(list_transform(list_sort(grouped.met), lambda each:each.told), '; ')
    || ' ('
    || grouped.row_id
    || ')' as evidence
from grouped
inner join {{ ref("segment_alternatives") }} as alternatives using (party, source, status, alternative)
where held_from is null or held_from <= least(until, {{ as_of_date() }})
