-- state.map_history as it stands after this run. What an earlier attempt of the same moment
-- wrote does not count; what came later than a replayed moment neither.
{{ config(materialized="view") }}

with
    known as (
        select * replace (if(valid_until < {{ as_of() }}, valid_until, null) as valid_until)
        from {{ source("state", "map_history") }}
        where valid_from < {{ as_of() }}
    ),

    ended as (select * from known where valid_until is not null),

    stood as (select * from known where valid_until is null),

    compared as (
        select stood.*, versions.party is not null as stands
        from stood
        left join {{ ref("map_versions") }} as versions on {{ same_version("stood", "versions") }}
    ),

    begun as (
        select versions.*
        from {{ ref("map_versions") }} as versions
        anti join stood on {{ same_version("stood", "versions") }}
    )

select *
from ended
union all by name
select * exclude (stands) replace (if(stands, null, {{ as_of() }}) as valid_until)
from compared
union all by name
select *, {{ as_of() }} as valid_from, null::timestamptz as valid_until
from begun
