{{ config(materialized="table") }}  -- read by many models: the payload is parsed once

{% set roles = ["partner_of_record", "product", "registered_by", "registered_on", "registration_status"] %}

with
    source as (
        {{
            newest_live(
                ["salesforce_opportunity", "partner_salesforce_opportunity"],
                [
                    "Name",
                    "AccountId",
                    "StageName",
                    "IsClosed",
                    "IsWon",
                    "Amount",
                    "CurrencyIsoCode",
                    "Probability",
                    "CloseDate",
                    "CreatedDate",
                    "LastActivityDate",
                    "LastStageChangeDate",
                    "OwnerId",
                ],
            )
        }}
    ),

    role_paths as ({{ role_paths("Opportunity", roles) }}),

    renamed as (
        select
            connection,
            party,
            native_id,
            {{ record_id("Opportunity") }} as opportunity_id,
            {{ text_field("AccountId") }} as account_id,
            {{ text_field("Name") }} as name,
            {{ text_field("StageName") }} as stage,
            not coalesce({{ flag_field("IsClosed") }}, false) as is_open,
            coalesce({{ flag_field("IsWon") }}, false) as is_won,
            {{ number_field("Amount") }} as amount,
            {{ text_field("CurrencyIsoCode") }} as currency,
            {{ number_field("Probability") }} / 100 as probability,
            {{ date_field("CloseDate") }} as close_date,
            {{ date_field("CreatedDate") }} as created_on,
            {{ date_field("LastActivityDate") }} as last_activity_on,
            coalesce({{ date_field("LastStageChangeDate") }}, {{ date_field("CreatedDate") }}) as stage_changed_on,
            {{ text_field("OwnerId") }} as owner_id,
            {% for role in roles %} {{ role_field(role) }} as {{ role }}, {% endfor %}
            payload
        from source
        left join role_paths using (connection)
    )

select *
from renamed
