// Few choices side by side, one of which holds.
import QtQuick
import QtQuick.Layouts

Flow {
    id: row
    property var options: []
    property var names: ({}) // what an option is called, where that is not itself
    property string unit
    property string chosen
    property string about
    signal picked(string option)
    spacing: 4
    Layout.fillWidth: true
    Repeater {
        model: row.options
        Button {
            required property string modelData
            readonly property bool on: row.chosen === modelData
            objectName: row.about + " " + modelData
            text: modelData in row.names ? row.names[modelData] : row.unit ? modelData + " " + row.unit : modelData
            tint: on ? Theme.accent : Theme.raised
            ink: on ? Theme.ground : Theme.text
            Accessible.role: Accessible.RadioButton
            Accessible.name: row.about + ": " + text
            Accessible.checked: on
            onClicked: row.picked(modelData)
        }
    }
}
