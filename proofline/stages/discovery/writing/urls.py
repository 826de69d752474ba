from django.urls import path

from proofline.stages.discovery.writing import version_views, views

urlpatterns = [
    path("proposals/<int:pk>/writing/", views.writing, name="proposal_writing"),
    path("proposals/<int:pk>/blocks/", views.add, name="proposal_blocks"),
    path("proposals/<int:pk>/stories/", views.stories, name="proposal_stories"),
    path("proposals/<int:pk>/blocks/<str:block>/", views.edit, name="proposal_block"),
    path("proposals/<int:pk>/blocks/<str:block>/place/", views.place, name="proposal_block_place"),
    path("proposals/<int:pk>/blocks/<str:block>/hiding/", views.hiding, name="proposal_block_hiding"),
    path("proposals/<int:pk>/blocks/<str:block>/removal/", views.removal, name="proposal_block_removal"),
    path("proposals/<int:pk>/versions/", version_views.versions, name="proposal_versions"),
    path("proposals/<int:pk>/versions/<int:number>/", version_views.version, name="proposal_version"),
    path("p/<str:token>/images/<int:pk>/", views.image, name="proposal_image"),
]
