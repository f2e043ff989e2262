-- Built before the records, since a claim that names its company only by text becomes one.
with
    people as (
        select connection, native_id as owner_id, name as owner_name
        from {{ ref("stg_salesforce__users") }}
        union all
        select connection, native_id, name
        from {{ ref("stg_hubspot__owners") }}
    ),

    held as (
        select *, 'registration' as kind, 'salesforce' as source, registered_by as partner_text
        from {{ ref("stg_salesforce__registrations") }}
        union all by name
        select *, 'registration' as kind, 'hubspot' as source, registered_by as partner_text
        from {{ ref("stg_hubspot__registrations") }}
        union all by name
        select *, 'introduction' as kind, 'salesforce' as source, introduced_with as partner_text
        from {{ ref("stg_salesforce__introductions") }}
        union all by name
        select *, 'introduction' as kind, 'hubspot' as source, introduced_with as partner_text
        from {{ ref("stg_hubspot__introductions") }}
    ),

    partners as ({{ named_partners("held", "connection", "partner_text") }}),

    pointing as (
        select connection, claim_id, unnest(account_ids) as native_id, generate_subscripts(account_ids, 1) as place
        from
            (
                select
                    connection,
                    claim_id,
                    list_distinct([account])
                    || list_filter(associated_company_ids, lambda id:id is distinct from account) as account_ids
                from held
            )
    ),

    -- the first that is a company of ours; a partner's own account is none
    placed as (
        select pointing.claim_id, arg_min(companies.record_id, pointing.place) as record_id
        from pointing
        inner join {{ ref("our_company_ids") }} as companies using (connection, native_id)
        group by pointing.claim_id
    )

select
    held.claim_id,
    held.kind,
    held.source,
    held.connection,
    held.native_id,
    partners.party as partner,
    coalesce(placed.record_id, case when held.company is not null then held.claim_id end) as record_id,
    held.company,
    held.corporate_number,
    held.direction as direction_word,
    coalesce(held.registration_status, held.introduction_status) as status_word,
    {{ day_in("held.registered_on", "held.source") }} as registered_on,
    {{ day_in("held.last_activity_on", "held.source") }} as last_activity_on,
    {{ day_in("held.requested_on", "held.source") }} as requested_on,
    {{ day_in("held.accepted_on", "held.source") }} as accepted_on,
    {{ day_in("held.met_on", "held.source") }} as met_on,
    {{ day_in("held.closed_on", "held.source") }} as closed_on,
    held.product,
    {{ number_in("held.amount") }} * rates.rate as amount,
    coalesce(held.owner, people.owner_name) as owner_name,
    held.note,
    held.created_at,
    held.updated_at,
    case
        when partners.party is null
        then 'claims.unknown_partner'
        when placed.record_id is null and held.company is null
        then 'claims.no_company'
    end as fault
from held
left join people using (connection, owner_id)
left join partners on held.connection = partners.connection and held.partner_text = partners.named
left join placed on held.claim_id = placed.claim_id
left join
    {{ source("config", "exchange_rates") }} as rates
    on rates.currency = coalesce(upper(held.currency), (select currency from {{ source("config", "run") }}))
