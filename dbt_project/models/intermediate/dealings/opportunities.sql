with
    people as (
        select connection, native_id as owner_id, name as owner_name
        from {{ ref("stg_salesforce__users") }}
        union all
        select connection, native_id, name
        from {{ ref("stg_hubspot__owners") }}
    ),

    salesforce_opportunities as (
        select * exclude (account_id, payload), {{ record_id("Account", "account_id") }} as record_id, 1 as place
        from {{ ref("stg_salesforce__opportunities") }}
    ),

    hubspot_deals as (
        select * exclude (company_id), {{ record_id("companies", "company_id") }} as record_id
        from
            (
                select
                    * exclude (associated_company_ids, payload),
                    unnest(associated_company_ids) as company_id,
                    generate_subscripts(associated_company_ids, 1) as place
                from {{ ref("stg_hubspot__deals") }}
            )
    ),

    -- a deal with several companies belongs to the first that is a record: a
    -- partner's own company is none
    with_record as (
        select
            deals.* replace (
                coalesce(upper(deals.currency), (select currency from {{ source("config", "run") }})) as currency
            )
        from
            (
                select *
                from salesforce_opportunities
                union all by name
                select *
                from hubspot_deals
            ) as deals
        semi join {{ ref("crm_record_texts") }} as records using (record_id)
        qualify row_number() over (partition by deals.opportunity_id order by deals.place) = 1
    ),

    partners as ({{ named_partners("with_record", "connection", "partner_of_record") }}),

    lines as ({{ product_lines_of("with_record", "product") }})

select
    with_record.opportunity_id,
    with_record.record_id,
    with_record.party,
    with_record.name,
    with_record.stage,
    with_record.is_open,
    with_record.is_won,
    with_record.amount * rates.rate as amount,
    with_record.amount as original_amount,
    with_record.currency,
    rates.rate as exchange_rate,
    with_record.amount is not null and rates.rate is null as lacks_rate,
    with_record.probability,
    with_record.amount * rates.rate * with_record.probability as expected_amount,
    with_record.close_date,
    with_record.created_on,
    greatest(with_record.last_activity_on, with_record.stage_changed_on, with_record.created_on) as last_activity_on,
    with_record.stage_changed_on,
    with_record.product,
    coalesce(lines.product_line, '*') as scope,
    coalesce(partners.party, listed.partner) as partner_of_record,
    people.owner_name
from with_record
left join people using (connection, owner_id)
left join partners on with_record.connection = partners.connection and with_record.partner_of_record = partners.named
left join
    {{ ref("opportunity_partners") }} as listed
    on listed.opportunity_id = with_record.opportunity_id
    and listed.place = 1
left join {{ source("config", "exchange_rates") }} as rates on with_record.currency = rates.currency
left join lines on with_record.product = lines.text
