with
    crm_records as (
        select
            record_id,
            party,
            source,
            connection,
            object,
            native_id,
            cast(null as integer) as row_number,
            parent_record_id,
            {{ normalized_columns() }}
        from {{ ref("crm_record_texts") }}
    )

select {{ record_columns() }}
from crm_records
union all
select {{ record_columns() }}
from {{ ref("file_records") }}
