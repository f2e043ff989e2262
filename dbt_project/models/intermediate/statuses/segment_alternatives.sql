with
    fields as (
        select party, source, status, alternative, list(distinct field) as names
        from {{ source("config", "segment_conditions") }}
        group by party, source, status, alternative
    )

select
    segments.party,
    segments.source,
    segments.object,
    segments.status,
    segments.alternative,
    case
        when segments.status = 'churned'
        then 'statuses.churned'
        when segments.object in ('Opportunity', 'deals') and segments.status = 'open_opportunity'
        then 'statuses.open_opportunity'
        when list_has_any(fields.names, ['IsWon', 'hs_is_closed_won']) and segments.status = 'customer'
        then 'statuses.won_opportunity'
        when segments.object = 'Lead'
        then 'statuses.lead'
        when fields.names = ['Type']
        then 'statuses.account_type'
        when fields.names = ['lifecyclestage']
        then 'statuses.lifecycle_stage'
        else 'statuses.fields'
    end as reason
from {{ source("config", "segments") }} as segments
inner join fields using (party, source, status, alternative)
