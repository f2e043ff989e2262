with
    every_row as (
        select record_id, record_id as row_id, party, 'salesforce' as source, 'Account' as object, payload
        from {{ ref("stg_salesforce__accounts") }}
        union all
        select record_id, record_id, party, 'salesforce', 'Lead', payload
        from {{ ref("stg_salesforce__leads") }}
        union all
        select dealings.record_id, dealings.opportunity_id, dealings.party, 'salesforce', 'Opportunity', deals.payload
        from {{ ref("stg_salesforce__opportunities") }} as deals
        inner join {{ ref("opportunities") }} as dealings using (opportunity_id)
        union all
        select record_id, record_id, party, 'hubspot', 'companies', payload
        from {{ ref("stg_hubspot__companies") }}
        union all
        select record_id, record_id, party, 'hubspot', 'contacts', payload
        from {{ ref("stg_hubspot__contacts") }}
        union all
        select dealings.record_id, dealings.opportunity_id, dealings.party, 'hubspot', 'deals', deals.payload
        from {{ ref("stg_hubspot__deals") }} as deals
        inner join {{ ref("opportunities") }} as dealings using (opportunity_id)
        union all
        select record_id, record_id, party, 'file', 'row', payload
        from {{ ref("file_records") }}
        where object = 'list'
    )

select every_row.*
from every_row
semi join {{ ref("records") }} as records using (record_id)
