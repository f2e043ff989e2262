with
    named as (
        select opportunity_id, connection, 'salesforce' as source, registered_by, registered_on, registration_status
        from {{ ref("stg_salesforce__opportunities") }}
        where party = 'us' and registered_by is not null
        union all
        select opportunity_id, connection, 'hubspot', registered_by, registered_on, registration_status
        from {{ ref("stg_hubspot__deals") }}
        where party = 'us' and registered_by is not null
    ),

    partners as ({{ named_partners("named", "connection", "registered_by") }})

select
    named.opportunity_id,
    opportunities.record_id,
    partners.party as partner,
    {{ day_in("named.registered_on", "named.source") }} as registered_on,
    named.registration_status as status_word,
    opportunities.last_activity_on,
    opportunities.product,
    opportunities.amount,
    not opportunities.is_open and not opportunities.is_won as is_lost,
    case when partners.party is null then 'claims.unknown_partner' end as fault
from named
inner join {{ ref("opportunities") }} as opportunities using (opportunity_id)
left join partners on named.connection = partners.connection and named.registered_by = partners.named
