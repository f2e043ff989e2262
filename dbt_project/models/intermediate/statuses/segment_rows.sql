with
    list_fields as ({{ fields_of_segments("file", "row") }}),

    every_row as (
        select record_id, record_id as row_id, party, 'salesforce' as source, 'Account' as object, named_fields
        from {{ ref("stg_salesforce__accounts") }}
        union all
        select record_id, record_id, party, 'salesforce', 'Lead', named_fields
        from {{ ref("stg_salesforce__leads") }}
        union all
        select
            dealings.record_id, dealings.opportunity_id, dealings.party, 'salesforce', 'Opportunity', deals.named_fields
        from {{ ref("stg_salesforce__opportunities") }} as deals
        inner join {{ ref("opportunities") }} as dealings using (opportunity_id)
        union all
        select record_id, record_id, party, 'hubspot', 'companies', named_fields
        from {{ ref("stg_hubspot__companies") }}
        union all
        select record_id, record_id, party, 'hubspot', 'contacts', named_fields
        from {{ ref("stg_hubspot__contacts") }}
        union all
        select dealings.record_id, dealings.opportunity_id, dealings.party, 'hubspot', 'deals', deals.named_fields
        from {{ ref("stg_hubspot__deals") }} as deals
        inner join {{ ref("opportunities") }} as dealings using (opportunity_id)
        union all
        select record_id, record_id, party, 'file', 'row', {{ named_fields("list_fields.names", "payload") }}
        from {{ ref("file_records") }}
        left join list_fields using (party)
        where object = 'list'
    )

select every_row.*
from every_row
semi join {{ ref("records") }} as records using (record_id)
