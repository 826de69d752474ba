"""Addresses of calculators; part of the room's."""

from django.urls import path

from proofline.stages.discovery.calculators.views import building, programs, public, reading

urlpatterns = [
    path("calculators/", building.calculators, name="calculators"),
    path("calculators/new/", building.new, name="calculator_new"),
    path("calculators/<int:pk>/", building.calculator, name="calculator"),
    path("calculators/<int:pk>/edit/", building.edit, name="calculator_edit"),
    path("calculators/<int:pk>/lines/", building.line_new, name="calculator_line_new"),
    path("calculators/<int:pk>/publication/", building.publication, name="calculator_publication"),
    path("calculators/<int:pk>/withdrawal/", building.withdrawal, name="calculator_withdrawal"),
    path("calculators/<int:pk>/removal/", building.removal, name="calculator_removal"),
    path("calculators/<int:pk>/preview/", building.preview, name="calculator_preview"),
    path("calculator-lines/<int:pk>/", building.line, name="calculator_line"),
    path("calculator-lines/<int:pk>/removal/", building.line_removal, name="calculator_line_removal"),
    path("calculations/", reading.calculations, name="calculations"),
    path("calculations/<int:pk>/", reading.calculation, name="calculation"),
    path("calculations/<int:pk>/value-case/", reading.value_case, name="calculation_value_case"),
    path("roi/<str:token>/", public.public, name="calculator_public"),
    path("roi/<str:token>/result/", public.result, name="calculator_result"),
    path("roi/<str:token>/result/<str:result>/", public.kept_result, name="calculation_public"),
    path("roi/<str:token>/definition/", programs.definition, name="calculator_definition"),
    path("roi/<str:token>/reckoning/", programs.reckoning, name="calculator_reckoning"),
]
